import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperclipper.search.text.acronyms import MAX_WORDS, defined_acronyms, known_acronyms
from paperclipper.search.text.tokenizer import chains, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("we call it Quick Zebra Voting (QZV)", {"qzv": "quick zebra voting"}),
        ("several large language models (LLMs) and", {"llm": "large language models"}),
        ("Retrieval-Augmented Generation(RAG)", {"rag": "retrieval augmented generation"}),
        ("self-supervised learning (SSL)", {"ssl": "self supervised learning"}),
        ("the state of the art (SOTA)", {"sota": "state of the art"}),
        ("a Vision Transformer (ViT)", {"vit": "vision transformer"}),
        ("Generative Pretrained Transformer 4 (GPT-4)", {"gpt4": "generative pretrained transformer 4"}),
        ("Bidirectional Encoder (BiE)", {"bie": "bidirectional encoder"}),
        ("a Schrödinger\nBridge (SB)", {"sb": "schrodinger bridge"}),
        (
            "Deep Learning (DL), not reinforcement learning (RL)",
            {"dl": "deep learning", "rl": "reinforcement learning"},
        ),
        ("a voting of a quick zebra (QZV)", {}),
        ("an onion (NO)", {}),
        ("voting (V)", {}),
        ("Figure 3 (A)", {}),
        ("one word, Electroencephalogram (EEG)", {}),
        ("quick zebra voting (qzv) [QZV] QZV", {}),
        ("quick zebra (the second)", {}),
        ("(QZV)", {}),
        ("a " + "and on it goes " * 3 + "by (AB)", {}),
    ],
)
def test_finds_the_acronyms_that_a_text_defines(text, expected):
    assert dict(defined_acronyms(text)) == expected


@given(
    st.lists(
        st.sampled_from(["Quick", "Zebra", "of", "self-", "Ökonomie", "(QZ)", "(ZQs)", "(OE)", "ß", "2"])
    )
)
def test_an_expansion_precedes_its_acronym(parts):
    text = " ".join(parts)
    folded_text = " ".join(word.text for word in words(text))
    for short, long in defined_acronyms(text):
        assert long in folded_text
        assert long[0] == short[0]
        assert 1 < len(long.split(" ")) <= MAX_WORDS


def test_common_acronyms_expand_to_folded_words():
    assert len(known_acronyms()) > 50
    for short, long in known_acronyms().items():
        assert short in {
            form
            for chain in chains(short)
            for form in (*(word.text for word in chain.words), *chain.compounds)
        }
        assert " ".join(word.text for word in words(long)) == long
        assert 1 < len(long.split(" ")) <= MAX_WORDS


def test_no_two_acronyms_share_an_expansion():
    assert known_acronyms()["llm"] == "large language model"
    assert len(set(known_acronyms().values())) == len(known_acronyms())
