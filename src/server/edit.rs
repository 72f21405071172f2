//! Additions to pages that organisers open on their own machine: problems, and changes as they are saved.
//!
//! They are added to the bytes of a finished page, so that everybody else gets the page as it is exported.

use crate::diagnostics::{Diagnostic, Level};
use crate::html::escape;

/// Script that reloads a page when the content has changed.
pub(super) const SCRIPT: &str = include_str!("edit.js");
/// Address of the script. No page can have it, because a slug is never a lone dash.
pub(super) const SCRIPT_PATH: &str = "/-/edit.js";
/// Address of the event stream of changes.
pub(super) const STREAM_PATH: &str = "/-/changes";

/// Adds the script and the list of problems before the end of a page's body.
pub(super) fn annotate(page: Vec<u8>, problems: &[Diagnostic], revision: u64) -> Vec<u8> {
    const END: &[u8] = b"</body>";
    let Some(at) = page.windows(END.len()).rposition(|window| window == END) else { return page };
    let mut out = page[..at].to_vec();
    out.extend(panel(problems).into_bytes());
    out.extend(
        format!(r#"<script type="module" src="{SCRIPT_PATH}" data-revision="{revision}"></script>"#).into_bytes(),
    );
    out.extend(&page[at..]);
    out
}

/// Renders errors and warnings. Hints are for `vdlm check`.
fn panel(problems: &[Diagnostic]) -> String {
    let shown: Vec<&Diagnostic> = problems.iter().filter(|problem| problem.level != Level::Hint).collect();
    if shown.is_empty() {
        return r#"<aside id="problems" hidden></aside>"#.to_owned();
    }
    let errors = shown.iter().filter(|problem| problem.level == Level::Error).count();
    let mut out = String::from(
        r#"<aside id="problems" class="problems" aria-label="Problems in the content"><details open><summary>"#,
    );
    out.push_str(&summary(errors, shown.len() - errors));
    out.push_str("</summary>");
    for problem in shown {
        out.push_str(&format!(
            "<pre class=\"{}\" tabindex=\"0\">{}</pre>",
            problem.level,
            escape(&problem.render(false))
        ));
    }
    out.push_str("</details></aside>");
    out
}

fn summary(errors: usize, warnings: usize) -> String {
    match (errors, warnings) {
        (0, warnings) => Level::Warning.counted(warnings),
        (errors, 0) => Level::Error.counted(errors),
        (errors, warnings) => format!("{} and {}", Level::Error.counted(errors), Level::Warning.counted(warnings)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::{SourceFile, Span};

    #[test]
    fn what_the_yaml_says_is_shown_and_not_obeyed() {
        let file = SourceFile::new("a.yaml", "venue: <script>alert(1)</script>\n");
        let place = Span { file, line: 1, column: 8, width: 5 };
        let problem = Diagnostic::error(place, "unknown venue `<script>alert(1)</script>`");
        let page = annotate(b"<html><body><p>x</p></body></html>".to_vec(), &[problem], 3);
        let page = String::from_utf8(page).unwrap();
        assert!(page.contains("&lt;script&gt;alert(1)"), "{page}");
        assert_eq!(page.matches("<script").count(), 1, "{page}");
        assert!(page.ends_with("</script></body></html>"));
    }
}
