// A content script cannot be a module, but it can ask for one. Once per page: the browser and the extension may both bring it.
(() => {
  const scope = /** @type {any} */ (globalThis);
  if (scope.paperclipperIsLoaded) return;
  scope.paperclipperIsLoaded = true;
  import((scope.browser ?? scope.chrome).runtime.getURL("content/content.js"));
})();
