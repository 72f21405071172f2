//! Fenced and indented blocks, and the colours of code.

use std::ops::Range;
use std::sync::LazyLock;

use pulldown_cmark::{CodeBlockKind, Event};
use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};
use syntect::util::LinesWithEndings;

use super::Writer;
use crate::html::{Html, escape};

/// Class of each scope of a grammar, more special scopes first. Names of scopes follow
/// <https://www.sublimetext.com/docs/scope_naming.html>. syntect's own writer makes a class of each part of each scope,
/// and the code five times as long.
const CLASSES: [(&str, &str); 22] = [
    ("comment", "hl-comment"),
    ("constant.character.escape", "hl-escape"),
    ("constant", "hl-constant"),
    ("variable.language", "hl-constant"),
    ("variable.function", "hl-function"),
    ("variable.annotation", "hl-function"),
    ("variable.other.key", "hl-name"),
    ("meta.interpolation", ""),
    ("string", "hl-string"),
    ("keyword.operator.word", "hl-keyword"),
    ("keyword.operator.logical.python", "hl-keyword"),
    ("keyword.operator", "hl-operator"),
    ("keyword", "hl-keyword"),
    ("storage", "hl-keyword"),
    ("entity.name.function", "hl-function"),
    ("support.function", "hl-function"),
    ("entity.name.tag", "hl-name"),
    ("entity.other.attribute-name", "hl-name"),
    ("entity.name", "hl-type"),
    ("support", "hl-type"),
    ("markup.inserted", "hl-inserted"),
    ("markup.deleted", "hl-deleted"),
];

static SCOPES: LazyLock<Vec<(Scope, &str)>> = LazyLock::new(|| {
    // None of these names is longer than the eight parts a scope can have.
    CLASSES.iter().filter_map(|(name, class)| Some((Scope::new(name).ok()?, *class))).collect()
});

/// Key of an object in JSON, which is a string and should not look like one.
static KEY: LazyLock<Option<Scope>> = LazyLock::new(|| Scope::new("meta.structure.dictionary.key").ok());

/// Grammars, unpacked at the first block of code. Their regular expressions are compiled at first use of each.
static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(SyntaxSet::load_defaults_newlines);

/// Wraps each coloured token of code in a span with one of the `hl-…` classes; an unknown language has no spans.
pub fn highlight(code: &str, language: &str) -> Html {
    let coloured = syntax(language).and_then(|syntax| colour(code, syntax));
    coloured.map_or_else(|| Html::escaped(code), Html::trusted)
}

fn syntax(language: &str) -> Option<&'static SyntaxReference> {
    let token = match language.to_ascii_lowercase().as_str() {
        "" | "text" | "txt" | "plain" => return None,
        "shell" | "console" => "sh".to_owned(),
        "python3" | "pycon" => "py".to_owned(),
        "jsonc" | "json5" => "json".to_owned(),
        other => other.to_owned(),
    };
    SYNTAXES.find_syntax_by_token(&token)
}

fn colour(code: &str, syntax: &SyntaxReference) -> Option<String> {
    let (mut state, mut scopes, mut spans) = (ParseState::new(syntax), ScopeStack::new(), Spans::default());
    for line in LinesWithEndings::from(code) {
        let mut from = 0;
        for (at, change) in state.parse_line(line, &SYNTAXES).ok()? {
            spans.push(&line[from..at], class(&scopes));
            scopes.apply(&change).ok()?;
            from = at;
        }
        spans.push(&line[from..], class(&scopes));
    }
    Some(spans.finish())
}

/// Returns the class of the innermost scope that has one.
fn class(scopes: &ScopeStack) -> &'static str {
    if KEY.is_some_and(|key| scopes.as_slice().iter().any(|scope| key.is_prefix_of(*scope))) {
        return "hl-name";
    }
    let class_of = |scope: &Scope| SCOPES.iter().find(|(known, _)| known.is_prefix_of(*scope)).map(|(_, class)| *class);
    scopes.as_slice().iter().rev().find_map(class_of).unwrap_or("")
}

/// Writes spans; neighbours of the same class share one.
#[derive(Default)]
struct Spans {
    html: String,
    open: &'static str,
    /// Blanks since the last token. They have no colour, so the next token decides in which span they are.
    blanks: String,
}

impl Spans {
    fn push(&mut self, text: &str, class: &'static str) {
        if text.trim().is_empty() {
            self.blanks.push_str(text);
            return;
        }
        if class != self.open {
            self.close();
            self.html.push_str(&std::mem::take(&mut self.blanks));
            if !class.is_empty() {
                self.html.push_str(&format!("<span class=\"{class}\">"));
            }
            self.open = class;
        }
        self.html.push_str(&std::mem::take(&mut self.blanks));
        self.html.push_str(&escape(text));
    }

    fn close(&mut self) {
        if !self.open.is_empty() {
            self.html.push_str("</span>");
        }
    }

    fn finish(mut self) -> String {
        self.close();
        self.html + &self.blanks
    }
}

impl Writer<'_, '_> {
    /// Takes all lines of the block. It can be focused, so that it can be scrolled by keyboard.
    pub(super) fn code_block(&mut self, kind: CodeBlockKind, range: Range<usize>) {
        let body = self.block_body();
        let info = match &kind {
            CodeBlockKind::Fenced(info) => info.trim(),
            CodeBlockKind::Indented => "",
        };
        // The body begins on the line after the fence.
        if kind.is_fenced()
            && let Some(html) = self.host.block(info, &body, self.places.line(range.start))
        {
            self.push(html.as_str().to_owned());
            return;
        }
        self.push(figure_of_code(&body, info.split([' ', '\t', ',', '{']).next().unwrap_or("")));
    }

    fn block_body(&mut self) -> String {
        let mut body = String::new();
        while let Some((Event::Text(text), _)) = self.events.next() {
            body.push_str(&text);
        }
        body
    }
}

fn figure_of_code(code: &str, language: &str) -> String {
    let class = if language.is_empty() { String::new() } else { format!(" class=\"language-{}\"", escape(language)) };
    format!("<pre class=\"code\" tabindex=\"0\"><code{class}>{}</code></pre>\n", highlight(code, language))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_have_classes_and_the_text_stays() {
        let python = "def f(x):\n    return \"a<b\"  # note\n";
        assert_eq!(
            highlight(python, "python").as_str(),
            "<span class=\"hl-keyword\">def</span> <span class=\"hl-function\">f</span>(x):\n    \
             <span class=\"hl-keyword\">return</span> <span class=\"hl-string\">&quot;a&lt;b&quot;</span>  \
             <span class=\"hl-comment\"># note\n</span>"
        );
    }

    #[test]
    fn languages_of_articles_are_known_by_their_usual_names() {
        for (code, language, token) in [
            ("key: value", "yaml", "<span class=\"hl-name\">key</span>"),
            ("{\"key\": 1}", "json", "<span class=\"hl-name\">&quot;key&quot;</span>"),
            ("fn main() {}", "rust", "<span class=\"hl-keyword\">fn</span>"),
            ("let x: u32 = 1;", "rs", "<span class=\"hl-constant\">1</span>"),
            ("import os", "Python", "<span class=\"hl-keyword\">import</span>"),
            ("import os", "py", "<span class=\"hl-keyword\">import</span>"),
            ("echo \"$HOME\"", "bash", "<span class=\"hl-function\">echo</span>"),
            ("echo 1 # x", "sh", "<span class=\"hl-comment\"># x</span>"),
            ("+ x\n- y\n", "diff", "<span class=\"hl-inserted\">+ x\n</span>"),
        ] {
            let html = highlight(code, language);
            assert!(html.as_str().contains(token), "{language}: {html}");
        }
    }

    #[test]
    fn an_unknown_language_is_plain_and_escaped() {
        for language in ["", "text", "no-such-language", "<b>"] {
            assert_eq!(highlight("a <b> 1", language).as_str(), "a &lt;b&gt; 1");
        }
    }

    #[test]
    fn every_class_is_the_class_of_a_scope() {
        assert_eq!(SCOPES.len(), CLASSES.len());
    }

    proptest::proptest! {
        #[test]
        fn no_code_loses_a_character(code in "[a-z<&\"'#(){}\\[\\]:=ä \n\t/*$-]{0,80}") {
            for language in ["python", "rust", "yaml", "bash", "json"] {
                let html = highlight(&code, language).to_string();
                let text: String = html.split('<').enumerate().map(|(n, part)| if n == 0 { part } else { part.split_once('>').unwrap().1 }).collect();
                proptest::prop_assert_eq!(text, escape(&code));
            }
        }
    }
}
