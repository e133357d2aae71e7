// Menus are <details>, which open without JavaScript. This module closes them on Escape or a click elsewhere.

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
