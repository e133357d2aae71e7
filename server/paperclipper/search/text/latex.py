"""Names of mathematical symbols: `α`, `\\alpha` and alpha are one word, as are `∞`, `\\infty` and infty.

Constants only. Symbols are named after their commands, because a digest page may print a command without its
backslash.
"""

_GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma sigma tau "
    "upsilon phi chi psi omega"
)
GREEK = {chr(0x3B1 + i): name for i, name in enumerate(_GREEK.split())} | {
    "ϵ": "epsilon",
    "ϕ": "phi",
    "ϑ": "theta",
}
"""Names of folded Greek letters. They only replace single letters, not letters within a Greek word."""

SYMBOLS = {
    "∞": "infty",
    "×": "times",
    "→": "rightarrow",
    "←": "leftarrow",
    "↔": "leftrightarrow",
    "⇒": "rightarrow",
    "⇔": "leftrightarrow",
    "↑": "uparrow",
    "↓": "downarrow",
    "•": "bullet",
    "∙": "bullet",
    "≤": "leq",
    "≥": "geq",
    "≠": "neq",
    "≈": "approx",
    "≡": "equiv",
    "∝": "propto",
    "±": "pm",
    "∂": "partial",
    "∇": "nabla",
    "∑": "sum",
    "∏": "prod",
    "∫": "int",
    "√": "sqrt",
    "∈": "in",
    "∪": "cup",
    "∩": "cap",
    "⊂": "subset",
    "⊆": "subseteq",
    "⊗": "otimes",
    "⊕": "oplus",
    "∀": "forall",
    "∃": "exists",
    "∅": "emptyset",
    "⊥": "perp",
    "∥": "parallel",
    "†": "dagger",
    "⋆": "star",
    "★": "star",
    "∘": "circ",
    "⟨": "langle",
    "⟩": "rangle",
}

COMMANDS = {
    "to": "rightarrow",
    "gets": "leftarrow",
    "longrightarrow": "rightarrow",
    "Rightarrow": "rightarrow",
    "implies": "rightarrow",
    "iff": "leftrightarrow",
    "Leftrightarrow": "leftrightarrow",
    "le": "leq",
    "ge": "geq",
    "ne": "neq",
    "ell": "l",
    "varepsilon": "epsilon",
    "vartheta": "theta",
    "varphi": "phi",
    "varrho": "rho",
    "varsigma": "sigma",
    "varnothing": "emptyset",
    "infinity": "infty",
    "star": "star",
    "ast": "star",
}
"""Commands indexed as a word other than their own name."""

_STYLES_TEXT = (
    "mathbf mathcal mathbb mathrm mathit mathsf mathtt mathfrak mathscr boldsymbol bm textbf textit textrm "
    "textsc texttt textsf underline overline operatorname displaystyle textstyle widehat widetilde "
    "underbrace overbrace"
)
STYLE_COMMANDS = frozenset(_STYLES_TEXT.split())
"""Commands that only style text. Never indexed, with or without a backslash."""

_IGNORED_TEXT = (
    "text emph hat bar tilde vec dot ddot left right big Big bigl bigr Bigl Bigr frac dfrac tfrac begin end "
    "cite citep citet ref label url href footnote quad qquad bf it tt sc em rm sf limits nolimits mathop "
    "mbox hbox xspace allowbreak noindent par item cal sup sub"
)
IGNORED_COMMANDS = STYLE_COMMANDS | frozenset(_IGNORED_TEXT.split())
"""Commands without meaning for search. Not indexed if written with a backslash."""
