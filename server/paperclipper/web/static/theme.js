// System, light, dark: a button that says what is in force. Loaded before the first paint, so not as a module.
{
  const root = document.documentElement;
  const order = ["system", "light", "dark"];
  const names = { system: "Theme: as the system", light: "Theme: light", dark: "Theme: dark" };

  const stored = () => {
    try {
      const theme = localStorage.getItem("theme");
      return order.includes(theme) ? theme : "system";
    } catch {
      return "system";
    }
  };

  const apply = (theme) => {
    if (theme === "system") delete root.dataset.theme;
    else root.dataset.theme = theme;
    for (const button of document.querySelectorAll("[data-theme-button]")) {
      button.hidden = false;
      button.title = names[theme];
      button.setAttribute("aria-label", names[theme]);
    }
  };

  const turn = () => {
    const next = order[(order.indexOf(stored()) + 1) % order.length];
    try {
      localStorage.setItem("theme", next);
    } catch {
      // A private window: the choice lasts until the page is loaded again.
    }
    apply(next);
  };

  apply(stored());
  addEventListener("DOMContentLoaded", () => {
    apply(stored());
    for (const button of document.querySelectorAll("[data-theme-button]"))
      button.addEventListener("click", turn);
  });
}
