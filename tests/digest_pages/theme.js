document.documentElement.classList.toggle(
  "dark",
  /theme=dark/.test(document.cookie) || matchMedia("(prefers-color-scheme: dark)").matches,
);
