"""What a test can do in a tab, the same in every browser. Selectors look into shadow roots, like a reader."""

import time

PATIENCE = 30
PAUSE = 0.04

# All matches of the selector in the page and its open shadow roots. "a >>> b" is b anywhere inside a.
FIND_ALL = """
(selector) => {
  const within = (root, part) => [
    ...root.querySelectorAll(part),
    ...[...root.querySelectorAll("*")].flatMap(
      (host) => (host.shadowRoot ? within(host.shadowRoot, part) : []),
    ),
  ];
  const step = (roots, part) => roots.flatMap((root) => within(root.shadowRoot ?? root, part));
  return selector.split(" >>> ").reduce(step, [document]);
}
"""
FIND_VISIBLE = f"(selector) => ({FIND_ALL})(selector).find((one) => one.checkVisibility()) ?? null"

# The position of these words in the window: the left of the first and the right of the last.
POSITION_OF_WORDS = """
(selector, words) => {
  const walk = document.createTreeWalker(document.querySelector(selector), NodeFilter.SHOW_TEXT);
  while (walk.nextNode() && !walk.currentNode.data.includes(words));
  const range = document.createRange();
  range.setStart(walk.currentNode, walk.currentNode.data.indexOf(words));
  range.setEnd(walk.currentNode, range.startOffset + words.length);
  range.startContainer.parentElement.scrollIntoView({ block: "center" });
  const lines = [...range.getClientRects()];
  const middle = (line) => Math.round(line.top + line.height / 2);
  return [
    [Math.round(lines[0].left) + 1, middle(lines[0])],
    [Math.round(lines.at(-1).right), middle(lines.at(-1))],
  ];
}
"""


def until(holds, what, patience=PATIENCE):
    """Return the first true value of `holds()`. Fail after `patience` seconds."""
    end = time.monotonic() + patience
    while True:
        answer = holds()
        if answer:
            return answer
        assert time.monotonic() < end, f"not after {patience} s: {what() if callable(what) else what}"
        time.sleep(PAUSE)


class Page:
    """A tab. Subclasses implement the first few methods for their browser."""

    def evaluate(self, function, *arguments):
        """Return the result of the JavaScript function, which may be async, for these JSON arguments."""
        raise NotImplementedError

    def open(self, url):
        """Open a URL and wait until it has loaded."""
        raise NotImplementedError

    def click(self, selector):
        """Click the first visible element as soon as it exists."""
        raise NotImplementedError

    def type(self, selector, text):
        """Type text at the end of a field."""
        raise NotImplementedError

    def press(self, key):
        """Press a key: Enter, Tab, Escape, Shift+X."""
        raise NotImplementedError

    def drag(self, start, end):
        """Press the mouse button at one point and release it at another."""
        raise NotImplementedError

    def shift_click(self, selector):
        """Click the first visible element with Shift pressed."""
        raise NotImplementedError

    def close(self):
        raise NotImplementedError

    def select(self, selector, words):
        """Select words of an element with the mouse."""
        self.see(selector)
        self.drag(*self.evaluate(POSITION_OF_WORDS, selector, words))

    @property
    def url(self):
        return self.evaluate("() => location.href")

    def fill(self, selector, text):
        """Replace the text of a field."""
        self.see(selector)
        self.evaluate(f"(selector) => ({FIND_ALL})(selector)[0].select()", selector)
        self.type(selector, text)

    def each(self, selector, function):
        """Return the result of the function for each element, in page order."""
        return self.evaluate(f"(selector) => ({FIND_ALL})(selector).map({function})", selector)

    def count(self, selector):
        return len(self.each(selector, "() => 1"))

    def texts(self, selector):
        """Return the visible text of each visible element."""
        shown = self.each(selector, "(one) => (one.checkVisibility() ? one.innerText : null)")
        return [" ".join(text.split()) for text in shown if text is not None]

    def text(self, selector):
        """Return the visible text of the first visible element, once it exists."""
        return self.see(selector)[0]

    def see(self, selector, words=""):
        """Wait until a visible element contains these words; return the texts of all matches."""
        return until(
            lambda: [text for text in self.texts(selector) if words in text],
            lambda: f"{selector} saying {words!r}: {self.texts(selector)} at {self.url}",
        )

    def gone(self, selector):
        """Wait until no match is visible."""
        until(lambda: not self.texts(selector), lambda: f"{selector} gone: {self.texts(selector)}")

    def wait(self, function, *arguments, patience=PATIENCE):
        """Wait until the function returns a true value, and return it."""
        return until(lambda: self.evaluate(function, *arguments), function, patience)
