//! Formulas: LaTeX to MathML.

use std::error::Error as _;
use std::ops::Range;

use pulldown_latex::config::{DisplayMode, RenderConfig};
use pulldown_latex::event::{Content, Event};
use pulldown_latex::{Parser, ParserError, Storage, push_mathml};

use super::Writer;
use crate::html::escape;

/// Error in a formula, and the command that causes it if that is known.
#[derive(Debug, PartialEq)]
struct FormulaError {
    message: String,
    command: Option<String>,
}

impl FormulaError {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), command: None }
    }

    fn of(command: &str, message: String) -> Self {
        Self { message, command: Some(command.to_owned()) }
    }
}

/// Maximum length of a formula, in bytes. pulldown-latex 0.8 recurses at each token that shows nothing or takes an
/// argument: 2600 times `\sqrt` exhaust the 2 MB stack of a thread. A screen full of equations has some 1500 bytes.
const MAX_LENGTH: usize = 4000;

/// Commands that are refused. Macros grow past any limit on the length of a formula, and would end with it anyhow;
/// `\char` with a letter that is not ASCII panics in pulldown-latex 0.8.
const REFUSED: [&str; 6] = ["\\def", "\\let", "\\futurelet", "\\newcommand", "\\renewcommand", "\\char"];

impl Writer<'_, '_> {
    pub(super) fn inline_math(&mut self, source: &str, range: Range<usize>) {
        let html = self.math(source, range, DisplayMode::Inline);
        self.push(html);
    }

    /// Writes a `span`, since it is inside a paragraph; the style sheet makes it a block. It can be focused, so that it
    /// can be scrolled by keyboard.
    pub(super) fn display_math(&mut self, source: &str, range: Range<usize>) {
        let html = self.math(source, range, DisplayMode::Block);
        self.push(format!("<span class=\"math\" tabindex=\"0\" role=\"group\" aria-label=\"Formula\">{html}</span>"));
    }

    fn math(&mut self, source: &str, range: Range<usize>, mode: DisplayMode) -> String {
        let FormulaError { message, command } = match mathml(source, mode) {
            Ok(mathml) => return mathml,
            Err(error) => error,
        };
        let at = command.and_then(|command| Some((self.places.source(range.clone()).find(&command)?, command.len())));
        let place = at.map_or(range.clone(), |(at, length)| range.start + at..range.start + at + length);
        self.warn(place, message, None);
        format!("<code class=\"math-error\">{}</code>", escape(source))
    }
}

fn mathml(source: &str, display_mode: DisplayMode) -> Result<String, FormulaError> {
    if source.len() > MAX_LENGTH {
        return Err(FormulaError::new(format!("the formula is longer than {MAX_LENGTH} bytes")));
    }
    if let Some(command) = commands(source).find(|command| REFUSED.contains(command)) {
        return Err(FormulaError::of(command, format!("`{command}` cannot be used in a formula")));
    }
    let alternative = escape(source);
    let source = operators_with_limits(source, display_mode);
    let storage = Storage::new();
    // The writer would put an `merror` into its output and go on; here the first error ends the formula.
    let events: Vec<Event> =
        Parser::new(&source, &storage).collect::<Result<_, _>>().map_err(|error| parse_error(&source, &error))?;
    let mathml = write(events, display_mode)?;
    // The source, for readers of the page as Markdown.
    Ok(mathml.replacen("<math ", &format!("<math alttext=\"{alternative}\" "), 1))
}

/// Iterates over the commands in a formula: a backslash and letters.
fn commands(source: &str) -> impl Iterator<Item = &str> {
    let mut rest = source;
    std::iter::from_fn(move || {
        rest = &rest[rest.find('\\')?..];
        let letters = rest[1..].find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len() - 1);
        // A backslash and another sign, as in `\\def`, are a command of one sign: the letters after it are text.
        let length = if letters > 0 { letters } else { rest[1..].chars().next().map_or(0, char::len_utf8) };
        let (command, after) = rest.split_at(1 + length);
        rest = after;
        Some(command)
    })
}

/// Rewrites `\operatorname*{…}`, which the parser takes for an operator named `*`: in a formula on its own, limits go
/// below and above.
fn operators_with_limits(source: &str, mode: DisplayMode) -> String {
    let mut parts = source.split("\\operatorname*{");
    let mut out = parts.next().unwrap_or("").to_owned();
    for part in parts {
        let (name, rest) = part.split_once('}').unwrap_or((part, ""));
        let limits = if mode == DisplayMode::Block { "\\limits" } else { "" };
        out.push_str(&format!("\\operatorname{{{name}}}{limits} {rest}"));
    }
    out
}

fn write(events: Vec<Event>, display_mode: DisplayMode) -> Result<String, FormulaError> {
    let names: Vec<String> = events.iter().map(operator_name).collect::<Result<_, _>>()?;
    let named = events.into_iter().zip(&names).map(|(event, name)| match event {
        Event::Content(Content::Function(_)) => Event::Content(Content::Function(name)),
        other => other,
    });
    let mut out = String::new();
    let config = RenderConfig { display_mode, ..RenderConfig::default() };
    push_mathml(&mut out, named.map(Ok::<_, ParserError>), config)
        .map_err(|error| FormulaError::new(format!("the formula cannot be set: {error}")))?;
    let out = escape_lone_signs(&out);
    if is_balanced(&out) {
        Ok(out)
    } else {
        Err(FormulaError::new("a part is missing in the formula, perhaps before `^` or `_`"))
    }
}

/// Returns whether every tag is closed where it should be. The writer trusts its events:
/// `\begin{aligned}\\^x\end{aligned}` closes a cell inside of the power.
fn is_balanced(mathml: &str) -> bool {
    let mut open = Vec::new();
    for part in mathml.split('<').skip(1) {
        let Some((tag, _)) = part.split_once('>') else { return false };
        let name = tag.split(' ').next().unwrap_or("");
        match name.strip_prefix('/') {
            Some(name) if open.pop() != Some(name) => return false,
            None if !tag.ends_with('/') => open.push(name),
            _ => {}
        }
    }
    open.is_empty()
}

/// Returns the name of an operator such as `\operatorname{arg\,max}`, escaped and without commands, which the writer
/// does not do. Other events have no name.
fn operator_name(event: &Event) -> Result<String, FormulaError> {
    let Event::Content(Content::Function(name)) = event else { return Ok(String::new()) };
    // U+2009 is the thin space.
    let name = name.replace("\\,", "\u{2009}").replace(['{', '}'], "");
    match name.find('\\') {
        Some(_) => Err(FormulaError::new("the name of an operator can hold letters and `\\,` only")),
        None => Ok(escape(name.trim())),
    }
}

/// Escapes `<` and `&` as relations and symbols, which the writer does not: they begin neither a tag nor an entity.
fn escape_lone_signs(mathml: &str) -> String {
    let mut out = String::with_capacity(mathml.len());
    let mut signs = mathml.chars().peekable();
    while let Some(sign) = signs.next() {
        let next = signs.peek().copied().unwrap_or(' ');
        match sign {
            '<' if !next.is_ascii_alphabetic() && next != '/' => out.push_str("&lt;"),
            '&' if !next.is_ascii_alphabetic() && next != '#' => out.push_str("&amp;"),
            _ => out.push(sign),
        }
    }
    out
}

fn parse_error(source: &str, error: &ParserError) -> FormulaError {
    // The error itself draws an excerpt; its source says what is wrong.
    let message = error.source().map_or_else(|| error.to_string(), ToString::to_string);
    match commands(source).find(|command| message == UNKNOWN && is_unknown(command)) {
        Some(command) => FormulaError::of(command, format!("unknown command `{command}` in the formula")),
        None => FormulaError::new(format!("in the formula: {}", message.replace("unkown", "unknown"))),
    }
}

/// Message of the parser for an unknown command, which it does not name.
const UNKNOWN: &str = "unknown primitive command found";

/// Returns whether the parser does not know the command even alone.
fn is_unknown(command: &str) -> bool {
    let storage = Storage::new();
    let error = Parser::new(command, &storage).find_map(Result::err);
    error.is_some_and(|error| error.source().is_some_and(|kind| kind.to_string() == UNKNOWN))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::markdown::tests::balanced;

    fn inline(source: &str) -> Result<String, FormulaError> {
        mathml(source, DisplayMode::Inline)
    }

    #[test]
    fn the_formulas_of_articles_are_set() {
        for source in [
            r"\rho_\infty \leftarrow 2/(1-\beta_2) - 1",
            r"r_t \leftarrow \sqrt{\frac{(\rho_t-4)(\rho_t-2)\rho_\infty}{(\rho_\infty-4)(\rho_\infty-2)\rho_t}}",
            r"\hat{m}_t \leftarrow m_t / (1 - \beta_1^t), \quad \widehat{v}_t",
            r"\nabla_\theta \mathcal{L}(\theta; \mathcal{D}) = \mathbb{E}_{x \sim \mathcal{D}}\left[ \nabla_\theta \ell \right]",
            r"\begin{aligned} a &= b + c \\ &= d \end{aligned}",
            r"\begin{cases} 1 & \text{if } x > 0 \\ 0 & \text{otherwise} \end{cases}",
            r"\operatorname{Var}(X) = \sigma^2, \operatorname*{arg\,min}_x \lVert x \rVert_2",
            r"\sum_{i=1}^{n} \prod_j \int_0^1 \lim_{n \to \infty} \max_x f'(x) \odot \mathbf{1}",
            r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}^\top \begin{bmatrix} 1 \end{bmatrix}",
            r"\underbrace{a + b}_{\text{sum}} \overset{!}{=} \tilde{x} \bar{y} \dots \cdots \ldots \propto \approx \le \ge \in \mathbb{R}^{d \times k}",
        ] {
            for mode in [DisplayMode::Inline, DisplayMode::Block] {
                let mathml = mathml(source, mode).unwrap_or_else(|error| panic!("{source}: {error:?}"));
                assert!(mathml.starts_with("<math") && !mathml.contains("merror"), "{mathml}");
                balanced(&mathml).unwrap();
            }
        }
    }

    #[test]
    fn structure_is_kept() {
        assert_eq!(
            inline(r"\frac{a}{\sqrt{b}}").unwrap(),
            "<math alttext=\"\\frac{a}{\\sqrt{b}}\" display=\"inline\"><mfrac><mrow><mi>a</mi></mrow><mrow><msqrt><mrow><mi>b</mi></mrow></msqrt></mrow></mfrac></math>"
        );
        assert!(mathml("x", DisplayMode::Block).unwrap().starts_with("<math alttext=\"x\" display=\"block\">"));
    }

    #[test]
    fn an_error_names_the_command() {
        let error = inline(r"\alpha + \sqrtt{x} \\sqrtt").unwrap_err();
        assert_eq!(error, FormulaError::of(r"\sqrtt", r"unknown command `\sqrtt` in the formula".into()));
        assert!(inline(r"\frac{a}{b").unwrap_err().message.contains("closed with `}`"));
        assert!(inline("a & b").unwrap_err().message.contains("alignment not allowed"));
        assert_eq!(
            inline(r"\begin{nothing}\end{nothing}").unwrap_err().message,
            "in the formula: unknown mathematical environment found"
        );
        assert_eq!(inline(r"\charä").unwrap_err().command.as_deref(), Some(r"\char"));
        assert_eq!(inline(r"\def\a{b}\a").unwrap_err().command.as_deref(), Some(r"\def"));
        assert!(inline(r"\begin{cases} a \\def \end{cases}").is_ok());
        assert!(inline(r"\begin{aligned}\\^x\end{aligned}").unwrap_err().message.contains("part is missing"));
        assert!(inline(r"\operatorname{\mathrm{Var}}").is_err());
    }

    #[test]
    fn operators_with_limits_stand_over_them_in_a_display() {
        let source = r"\operatorname*{arg\,max}_x f";
        assert!(
            mathml(source, DisplayMode::Block).unwrap().contains("<munder><mi>arg\u{2009}max</mi><mi>x</mi></munder>")
        );
        assert!(inline(source).unwrap().contains("<msub><mi>arg\u{2009}max</mi><mi>x</mi></msub>"));
    }

    #[test]
    fn signs_of_html_are_escaped_wherever_they_stand() {
        let hostile = "<script>alert(1)</script>";
        for source in
            [format!("\\operatorname{{{hostile}}}"), format!("\\text{{{hostile}}}"), format!("\\mathop{{{hostile}}}")]
        {
            assert!(!inline(&source).unwrap().contains("<script"), "{source}");
        }
        balanced(&inline(r"a<b \& c \not< d").unwrap()).unwrap();
        assert!(inline(r"a<b").unwrap().contains("<mo>&lt;</mo>"));
    }

    #[test]
    fn a_formula_of_the_greatest_length_fits_the_stack_and_a_longer_one_is_refused() {
        for part in [r"\sqrt", r"\relax", r"\not", r"\bf", r"\hat", "{}", "%\n", "x^", r"\text"] {
            let _ = inline(&part.repeat(MAX_LENGTH / part.len()));
            assert!(inline(&part.repeat(MAX_LENGTH / part.len() + 1)).is_err());
        }
        for (open, close) in [("{", "}"), (r"\sqrt{", "}"), (r"\left(", r"\right)"), ("a_{", "}"), (r"\frac a{", "}")] {
            let depth = MAX_LENGTH / (open.len() + close.len()) - 1;
            inline(&format!("{}x{}", open.repeat(depth), close.repeat(depth))).unwrap();
        }
    }

    /// Pieces of formulas, some of them no LaTeX.
    const PIECES: [&str; 44] = [
        "x",
        "1.5",
        "ä",
        "α",
        "𝔸",
        "+",
        "=",
        "<",
        ">",
        "&",
        "\"",
        "'",
        "^",
        "_",
        "{",
        "}",
        "(",
        "|",
        "~",
        " ",
        "%",
        "$",
        "#",
        "*",
        "\\",
        r"\\",
        r"\frac",
        r"\sqrt",
        r"\left",
        r"\right)",
        r"\hat",
        r"\not",
        r"\color{red}",
        r"\limits",
        r"\sum",
        r"\lim",
        r"\bmod",
        r"\operatorname",
        r"\text",
        r"\mathbf",
        r"\char",
        r"\big",
        r"\hspace{1em}",
        r"\tag",
    ];

    fn formula() -> impl Strategy<Value = String> {
        prop::sample::select(&PIECES[..]).prop_map(str::to_owned).prop_recursive(4, 40, 6, |inner| {
            let list = prop::collection::vec(inner, 1..6).prop_map(|parts| parts.concat());
            let around = prop::sample::select(vec![
                ("{", "}"),
                (r"\sqrt{", "}"),
                (r"\frac{a}{", "}"),
                ("x_{", "}"),
                ("x^{", "}"),
                (r"\left(", r"\right]"),
                (r"\text{", "}"),
                (r"\begin{aligned}", r"\end{aligned}"),
                (r"\begin{cases}", r"\end{cases}"),
                (r"\operatorname{", "}"),
                (r"\mathop{", "}"),
                (r"\begin{array}{c|l}", r"\end{array}"),
                (r"\mathbb{", "}"),
                (r"\overline{", "}"),
                ("", ""),
            ]);
            (around, list).prop_map(|((open, close), inner)| format!("{open}{inner}{close}"))
        })
    }

    proptest! {
        #[test]
        fn no_formula_panics_or_leaves_a_tag_open(source in formula()) {
            if let Ok(mathml) = inline(&source) {
                prop_assert!(balanced(&mathml).is_ok(), "{:?} {}", balanced(&mathml), mathml);
                prop_assert!(!mathml.contains("merror"));
            }
        }
    }
}
