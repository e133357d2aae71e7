from host import DIGEST
from steps import ask_to_connect, sign_in


def test_a_browser_connects_once_the_reader_signs_in_compares_the_words_and_allows(browser, library):
    settings = ask_to_connect(browser, library)
    question = browser.tab_at(f"{library.origin}/pair/")
    assert "paperclipper open" in question.text("main")
    assert question.count(".pair-acts") == 0
    assert sign_in(browser, library.printed_link).text("h1").startswith("Your library is empty.")

    question.front()
    assert len(words := question.text(".match").split()) == 3
    settings.front()
    assert settings.text("#words").split() == words

    question.front()
    question.click(".pair-acts button.btn-first")
    question.see("h1", "Connected")
    assert question.each("main a.btn-first", "(link) => link.href") == [f"{DIGEST}/papers"]

    settings.front()
    settings.see("#title", "This browser is connected")
    assert library.origin in settings.text("#connected-to")
    assert settings.each("#todays-papers", "(link) => link.href") == [f"{DIGEST}/papers"]
