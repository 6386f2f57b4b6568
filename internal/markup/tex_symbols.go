package markup

// texSymbols are the commands that stand for a character.
var texSymbols = map[string]string{
	"alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ", "varepsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ",
	"vartheta": "ϑ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "omicron": "ο", "pi": "π", "varpi": "ϖ",
	"rho": "ρ", "varrho": "ϱ", "sigma": "σ", "varsigma": "ς", "tau": "τ", "upsilon": "υ", "phi": "ϕ", "varphi": "φ", "chi": "χ",
	"psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ",
	"Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
	"infty": "∞", "partial": "∂", "nabla": "∇", "hbar": "ℏ", "ell": "ℓ", "Re": "ℜ", "Im": "ℑ", "aleph": "ℵ", "emptyset": "∅",
	"varnothing": "∅", "imath": "ı", "jmath": "ȷ", "wp": "℘", "degree": "°", "angle": "∠", "triangle": "△", "square": "□",
	"sum": "∑", "prod": "∏", "coprod": "∐", "int": "∫", "iint": "∬", "iiint": "∭", "oint": "∮", "bigcup": "⋃", "bigcap": "⋂",
	"bigvee": "⋁", "bigwedge": "⋀", "bigoplus": "⨁", "bigotimes": "⨂", "bigsqcup": "⨆", "bigodot": "⨀", "biguplus": "⨄",
	"pm": "±", "mp": "∓", "times": "×", "div": "÷", "cdot": "⋅", "ast": "∗", "star": "⋆", "circ": "∘", "bullet": "∙", "oplus": "⊕",
	"ominus": "⊖", "otimes": "⊗", "odot": "⊙", "cap": "∩", "cup": "∪", "setminus": "∖", "land": "∧", "wedge": "∧", "lor": "∨", "vee": "∨",
	"lnot": "¬", "neg": "¬", "dagger": "†", "sqcup": "⊔", "sqcap": "⊓", "uplus": "⊎", "amalg": "⨿",
	"le": "≤", "leq": "≤", "leqslant": "⩽", "ge": "≥", "geq": "≥", "geqslant": "⩾", "ne": "≠", "neq": "≠", "ll": "≪", "gg": "≫",
	"lt": "<", "gt": ">",
	"equiv": "≡", "sim": "∼", "simeq": "≃", "approx": "≈", "cong": "≅", "propto": "∝", "asymp": "≍", "doteq": "≐", "prec": "≺",
	"succ": "≻", "preceq": "⪯", "succeq": "⪰", "in": "∈", "ni": "∋", "notin": "∉", "subset": "⊂", "supset": "⊃", "subseteq": "⊆",
	"supseteq": "⊇", "subsetneq": "⊊", "perp": "⟂", "parallel": "∥", "mid": "∣", "nmid": "∤", "vdash": "⊢", "models": "⊨",
	"coloneqq": "≔", "colon": ":", "forall": "∀", "exists": "∃", "nexists": "∄", "top": "⊤", "bot": "⊥", "therefore": "∴", "because": "∵",
	"to": "→", "rightarrow": "→", "gets": "←", "leftarrow": "←", "leftrightarrow": "↔", "Rightarrow": "⇒", "Leftarrow": "⇐",
	"Leftrightarrow": "⇔", "implies": "⟹", "impliedby": "⟸", "iff": "⟺", "mapsto": "↦", "longrightarrow": "⟶", "longleftarrow": "⟵",
	"longmapsto": "⟼", "hookrightarrow": "↪", "uparrow": "↑", "downarrow": "↓", "rightharpoonup": "⇀", "rightleftharpoons": "⇌",
	"Longrightarrow": "⟹", "Longleftrightarrow": "⟺", "nearrow": "↗", "searrow": "↘",
	"ldots": "…", "dots": "…", "dotsc": "…", "cdots": "⋯", "dotsb": "⋯", "vdots": "⋮", "ddots": "⋱",
	"prime": "′", "backslash": "∖", "{": "{", "}": "}", "lbrace": "{", "rbrace": "}", "lbrack": "[", "rbrack": "]", "|": "‖",
	"vert": "|", "lvert": "|", "rvert": "|", "Vert": "‖", "lVert": "‖", "rVert": "‖", "langle": "⟨", "rangle": "⟩", "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉",
	"%": "%", "$": "$", "&": "&", "#": "#", "_": "_", "checkmark": "✓", "S": "§", "pounds": "£", "copyright": "©",
}

// texIdentifiers are those of texSymbols that stand for a thing, not for what is done to it.
var texIdentifiers = []string{
	"alpha", "beta", "gamma", "delta", "epsilon", "varepsilon", "zeta", "eta", "theta", "vartheta", "iota", "kappa", "lambda", "mu", "nu",
	"xi", "omicron", "pi", "varpi", "rho", "varrho", "sigma", "varsigma", "tau", "upsilon", "phi", "varphi", "chi", "psi", "omega", "Gamma",
	"Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega", "infty", "partial", "hbar", "ell", "Re", "Im", "aleph",
	"emptyset", "varnothing", "imath", "jmath", "wp", "degree", "angle", "triangle", "square", "ldots", "dots", "cdots", "vdots", "ddots",
	"top", "bot", "%", "$", "#", "checkmark", "S", "pounds", "copyright",
}

// texBrackets are those of texSymbols that may stretch with what they hold.
var texBrackets = []string{
	"{", "}", "lbrace", "rbrace", "lbrack", "rbrack", "|", "vert", "Vert", "lvert", "rvert", "lVert", "rVert", "langle", "rangle", "lfloor", "rfloor", "lceil", "rceil",
	"uparrow", "downarrow", "backslash",
}

// texAccents are what stands over or under an argument.
var texAccents = map[string]string{
	"hat": "^", "widehat": "^", "bar": "¯", "overline": "¯", "vec": "→", "overrightarrow": "→", "overleftarrow": "←", "dot": "˙",
	"ddot": "¨", "tilde": "~", "widetilde": "~", "check": "ˇ", "breve": "˘", "acute": "´", "grave": "`", "mathring": "˚",
	"underline": "_", "overbrace": "⏞", "underbrace": "⏟",
}

// texSpaces are the widths of spaces, in em.
var texSpaces = map[string]string{
	",": "0.167", ":": "0.222", ">": "0.222", ";": "0.278", "!": "-0.167", " ": "0.333", "quad": "1", "qquad": "2", "thinspace": "0.167",
	"enspace": "0.5", "\n": "0.333",
}

// texFunctions are written upright; texLimits have what they run over below them.
var (
	texFunctions = []string{
		"sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "coth", "log", "ln", "lg", "exp",
		"dim", "ker", "deg", "arg", "hom",
	}
	texLimits = []string{"lim", "limsup", "liminf", "max", "min", "sup", "inf", "det", "gcd", "Pr"}
)
