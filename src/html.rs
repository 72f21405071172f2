//! Text that is already HTML: the only type that a template does not escape.

use std::fmt;

/// HTML that this program made or escaped, and that may stand in a page as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Html(String);

impl Html {
    /// Wraps markup that the caller knows to be safe.
    pub fn trusted(markup: String) -> Self {
        Self(markup)
    }

    /// Escapes plain text, so that it shows as it was written.
    pub fn escaped(text: &str) -> Self {
        Self(escape(text))
    }

    /// Returns the words without the tags.
    pub fn text(&self) -> String {
        let mut out = String::with_capacity(self.0.len());
        let mut tag = false;
        for c in self.0.chars() {
            match c {
                '<' => tag = true,
                '>' if tag => tag = false,
                c if !tag => out.push(c),
                _ => {}
            }
        }
        // The reverse of `escape`; `&amp;` last, so that its result is not replaced again.
        let names = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
        names.iter().fold(out, |text, (name, sign)| text.replace(name, sign))
    }

    /// Returns the markup.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl askama::FastWritable for Html {
    fn write_into(&self, dest: &mut dyn fmt::Write, _: &dyn askama::Values) -> askama::Result<()> {
        Ok(dest.write_str(&self.0)?)
    }
}

// askama writes a value of this type without escaping it; every other type is escaped.
impl askama::filters::HtmlSafe for Html {}

/// Escapes `& < > " '`. The result is safe between tags and in an attribute in quotes.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_text_is_shown_not_obeyed() {
        assert_eq!(Html::escaped("<b a='\"'>&").as_str(), "&lt;b a=&#39;&quot;&#39;&gt;&amp;");
    }
}
