"""Acronyms and their expansions: a table of common acronyms, and those defined in a text. Pure."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from paperclipper.search.text.folding import fold
from paperclipper.search.text.tokenizer import word_texts

MAX_WORDS = 6
_TABLE_TEXT = """
ai artificial intelligence|agi artificial general intelligence|asr automatic speech recognition
bert bidirectional encoder representations from transformers|cfg classifier free guidance
clip contrastive language image pretraining|cnn convolutional neural network|cot chain of thought
cv computer vision|dit diffusion transformer|dl deep learning|dnn deep neural network
dp differential privacy
dpo direct preference optimization|em expectation maximization|fl federated learning|fps frames per second
gan generative adversarial network|gcn graph convolutional network|gnn graph neural network
gp gaussian process|grpo group relative policy optimization|hci human computer interaction
icl in context learning|il imitation learning|ir information retrieval|kd knowledge distillation
kg knowledge graph|kl kullback leibler|knn k nearest neighbors|lora low rank adaptation
llm large language model|lm language model|lmm large multimodal model|lstm long short term memory
mcmc markov chain monte carlo|mcp model context protocol|mcts monte carlo tree search
mdp markov decision process|mae masked autoencoder|mia membership inference attack
mil multiple instance learning
ml machine learning|mle maximum likelihood estimation|mllm multimodal large language model
mlp multilayer perceptron
moe mixture of experts|mse mean squared error|mt machine translation|nas neural architecture search
nerf neural radiance field|ner named entity recognition|nlg natural language generation
nlp natural language processing|nlu natural language understanding|nmt neural machine translation
ocr optical character recognition|ode ordinary differential equation|ood out of distribution
pca principal component analysis|pde partial differential equation|peft parameter efficient fine tuning
pinn physics informed neural network|pomdp partially observable markov decision process
ppo proximal policy optimization
ptq post training quantization|qa question answering|qat quantization aware training
rag retrieval augmented generation
rl reinforcement learning|rlhf reinforcement learning from human feedback
rlvr reinforcement learning with verifiable rewards
rnn recurrent neural network|sae sparse autoencoder|sam segment anything model
sde stochastic differential equation
sft supervised fine tuning|sgd stochastic gradient descent
slam simultaneous localization and mapping
slm small language model|sota state of the art|ssl self supervised learning|ssm state space model
sr super resolution|svd singular value decomposition|svm support vector machine|t2i text to image
t2v text to video|tts text to speech|ttt test time training|vae variational autoencoder|vit vision transformer
vla vision language action|vlm vision language model|vqa visual question answering
xai explainable artificial intelligence
"""
_IN_BRACKETS = re.compile(r"\(([A-Z][A-Za-z0-9-]{1,9})\)")


@cache
def known_acronyms() -> dict[str, str]:
    """Return the expansions of common acronyms as folded words."""
    rows = (row.partition(" ") for line in _TABLE_TEXT.split("\n") for row in line.split("|"))
    return {short: long for short, _, long in rows if short}


def defined_acronyms(text: str) -> Iterator[tuple[str, str]]:
    """Yield the (acronym, expansion) pairs defined in a text as "Expansion (ABC)", as folded words."""
    for found in _IN_BRACKETS.finditer(text):
        short = found[1].removesuffix("s") if not found[1].isupper() else found[1]
        letters = fold(short.replace("-", ""))
        before = text[max(0, found.start() - 100) : found.start()]
        if expansion := _expansion(letters, before):
            yield letters, " ".join(expansion)


def _expansion(letters: str, before: str) -> Sequence[str]:
    """Return the words at the end of `before` that the letters abbreviate, or an empty list.

    The letters must be the initials of the words, or occur in the words in order, the first as an initial.
    See Schwartz and Hearst, A Simple Algorithm for Identifying Abbreviation Definitions in Biomedical Text
    (2003).
    """
    initial = word_texts(before)[-len(letters) :]  # self-supervised learning (SSL) is not supervised learning
    if 1 < len(initial) <= MAX_WORDS and "".join(word[:1] for word in initial) == letters:
        return initial
    folded, position = fold(before), len(before)
    if len(letters) < 2 or len(folded) != len(before):
        return []
    for i, letter in reversed(list(enumerate(letters))):
        position = folded.rfind(letter, 0, position)
        while i == 0 and position > 0 and folded[position - 1].isalnum():
            position = folded.rfind(letter, 0, position)
        if position < 0:
            return []
    found = word_texts(before[position:])
    return found if 1 < len(found) <= min(MAX_WORDS, 2 * len(letters)) else []
