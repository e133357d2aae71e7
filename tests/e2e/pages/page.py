"""What a story may do in a tab, the same in every browser. Selectors see through shadow roots, as a reader does."""

import time

PATIENCE = 30
PAUSE = 0.04

# All elements that the selector finds, in the page and in every open shadow root within it; "a >>> b" is b within a,
# however deep.
FIND_ALL = """
(selector) => {
  const within = (root, part) => [
    ...root.querySelectorAll(part),
    ...[...root.querySelectorAll("*")].flatMap((host) => (host.shadowRoot ? within(host.shadowRoot, part) : [])),
  ];
  const step = (roots, part) => roots.flatMap((root) => within(root.shadowRoot ?? root, part));
  return selector.split(" >>> ").reduce(step, [document]);
}
"""
FIND_VISIBLE = f"(selector) => ({FIND_ALL})(selector).find((one) => one.checkVisibility()) ?? null"

# Where these words of one text stand in the window: from the left of the first to the right of the last.
PLACE_OF_WORDS = """
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
    """The first true answer of `holds()`. Fails the test where none comes in `patience` seconds."""
    end = time.monotonic() + patience
    while True:
        answer = holds()
        if answer:
            return answer
        assert time.monotonic() < end, f"not after {patience} s: {what() if callable(what) else what}"
        time.sleep(PAUSE)


class Page:
    """A tab. Subclasses say how their browser does the first few things; the rest follows from them."""

    def evaluate(self, function, *arguments):
        """What the JavaScript function, which may be async, returns for these JSON arguments."""
        raise NotImplementedError

    def open(self, url):
        """Go there, and wait until it is loaded."""
        raise NotImplementedError

    def click(self, selector):
        """Press the first visible element, as a hand does, once it is there."""
        raise NotImplementedError

    def type(self, selector, text):
        """Press the keys of `text` in a field, after what stands there."""
        raise NotImplementedError

    def press(self, key):
        """Press one key by its name: Enter, Tab, Escape, Shift+X."""
        raise NotImplementedError

    def drag(self, start, end):
        """Press the mouse at one place of the window, and let go at another."""
        raise NotImplementedError

    def shift_click(self, selector):
        """Click the first visible element while Shift is held."""
        raise NotImplementedError

    def close(self):
        raise NotImplementedError

    def select(self, selector, words):
        """Select words of an element with the mouse."""
        self.see(selector)
        self.drag(*self.evaluate(PLACE_OF_WORDS, selector, words))

    @property
    def url(self):
        return self.evaluate("() => location.href")

    def fill(self, selector, text):
        """Put `text` in the place of what stands in a field."""
        self.see(selector)
        self.evaluate(f"(selector) => ({FIND_ALL})(selector)[0].select()", selector)
        self.type(selector, text)

    def each(self, selector, function):
        """What the function returns for each element, in the order of the page."""
        return self.evaluate(f"(selector) => ({FIND_ALL})(selector).map({function})", selector)

    def count(self, selector):
        return len(self.each(selector, "() => 1"))

    def texts(self, selector):
        """The visible words of each visible element."""
        shown = self.each(selector, "(one) => (one.checkVisibility() ? one.innerText : null)")
        return [" ".join(text.split()) for text in shown if text is not None]

    def text(self, selector):
        """The visible words of the first visible element, once it is there."""
        return self.see(selector)[0]

    def see(self, selector, words=""):
        """Wait until an element that can be seen says these words; the words of all that the selector finds."""
        return until(
            lambda: [text for text in self.texts(selector) if words in text],
            lambda: f"{selector} saying {words!r}: {self.texts(selector)} at {self.url}",
        )

    def gone(self, selector):
        """Wait until nothing of this can be seen."""
        until(lambda: not self.texts(selector), lambda: f"{selector} gone: {self.texts(selector)}")

    def wait(self, function, *arguments, patience=PATIENCE):
        """Wait until the function returns something true; that."""
        return until(lambda: self.evaluate(function, *arguments), function, patience)
