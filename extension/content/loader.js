// A content script cannot be a module, but it can import one. The guard prevents a second import, as
// both the browser and the extension may inject this script.
(() => {
  const scope = /** @type {any} */ (globalThis);
  if (scope.paperclipperIsLoaded) return;
  scope.paperclipperIsLoaded = true;
  import((scope.browser ?? scope.chrome).runtime.getURL("content/content.js"));
})();
