// Menus are <details>: they open without script. With it, Escape and a press elsewhere close them.

function close(menu, isLeft) {
  menu.open = false;
  if (!isLeft) menu.querySelector("summary").focus();
}

document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("[data-menu][open]");
  if (menu) close(menu, false);
});
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("[data-menu][open]"))
    if (!menu.contains(event.target)) close(menu, true);
});
