// A content script cannot be a module, but it can import one. Only once per page, because the browser
// and the extension can both inject this script.
(() => {
  const scope = /** @type {any} */ (globalThis);
  if (scope.paperclipperIsLoaded) return;
  scope.paperclipperIsLoaded = true;
  import((scope.browser ?? scope.chrome).runtime.getURL("content/content.js"));
})();
