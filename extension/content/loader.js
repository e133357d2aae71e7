// A content script cannot be a module, but it can ask for one. Once per page: the browser and the extension may both bring it.
(() => {
  const here = /** @type {any} */ (globalThis);
  if (here.paperclipperIsHere) return;
  here.paperclipperIsHere = true;
  import((here.browser ?? here.chrome).runtime.getURL("content/content.js"));
})();
