//! Markdown form of pages: `index.md` beside each page, converted from the `<main>` of the rendered page. The live
//! server also sends it to those who ask for the page with `Accept: text/markdown`.

use std::sync::LazyLock;

use htmd::element_handler::{HandlerResult, Handlers};
use htmd::options::{BulletListMarker, Options};
use htmd::{Element, HtmlToMarkdown};
use lol_html::html_content::ContentType;
use lol_html::{RewriteStrSettings, element, rewrite_str};

use crate::archive::Archive;
use crate::content;
use crate::context::{Answer, Body, CachePolicy, Request, SECTIONS, Site};
use crate::prose;

const FILE_NAME: &str = "index.md";
/// RFC 7763.
const MEDIA_TYPE: &str = "text/markdown; charset=utf-8";

/// Elements of a page that say nothing in a text, or that only a browser can use. Words for screen readers (`.hidden`)
/// stay, what is hidden from screen readers goes.
const NOT_TEXT: &str = "[aria-hidden=true], svg, script, form, button, nav.crumbs, nav.contents, a.anchor, a.footnote-back, \
                        caption.hidden, .col-year, figure .pictures, figure .legend, figure summary, figure .spec, figure .downloads, figure .again";

/// Returns the path of the Markdown form of a page, which need not exist.
pub fn path(page: &str) -> Option<String> {
    page.ends_with('/').then(|| format!("{page}{FILE_NAME}"))
}

/// Returns the path of the Markdown form of a page that has one.
pub(crate) fn address(archive: &Archive, page: &str) -> Option<String> {
    let is_list = page != "/lab/" && SECTIONS.iter().any(|section| section.path == page);
    (page == "/" || is_list || archive.route_exists(page)).then(|| path(page)).flatten()
}

/// The Markdown forms of all pages.
pub(crate) fn paths(site: &Site) -> Vec<String> {
    let lists = SECTIONS.iter().map(|section| section.path.to_owned());
    let pages = std::iter::once("/".to_owned()).chain(lists).chain(prose::all_routes(&site.archive));
    pages.filter_map(|page| address(&site.archive, &page)).collect()
}

/// Returns the page whose Markdown form is asked for.
pub(crate) fn page_of<'a>(request: &Request<'a>) -> Option<&'a str> {
    let page = request.path.strip_suffix(FILE_NAME)?;
    address(request.archive, page).map(|_| page)
}

/// Converts the answer for a page to Markdown.
pub(crate) fn of_page(site: &Site, page: &str, answer: Answer) -> Option<Answer> {
    let html = match answer {
        Answer { status: 200, body: Body::Bytes(html), .. } => String::from_utf8(html).ok()?,
        _ => return None,
    };
    let main = &html[html.find("<main")?..html.find("</main>")?];
    let text = title_first(&from_html(main, |path| site.address_from(page, path)));
    Some(Answer::new(200, MEDIA_TYPE, CachePolicy::Page, text.into_bytes()))
}

/// Converts a text of the content to Markdown for readers elsewhere: addresses instead of file names, results instead
/// of `lab` blocks.
pub(crate) fn of_body(site: &Site, body: &content::Body) -> String {
    from_html(prose::render(site, body).html.as_str(), |path| site.address(path))
}

/// Puts the title before the words that stand above it on the page.
fn title_first(markdown: &str) -> String {
    let Some((above, rest)) = markdown.split_once("\n# ").filter(|(above, _)| !above.starts_with("# ")) else {
        return markdown.to_owned();
    };
    let (title, below) = rest.split_once('\n').unwrap_or((rest, ""));
    format!("# {title}\n\n{}\n{below}", above.trim_end())
}

/// Converts HTML of this site to GitHub-flavoured Markdown. `address` gives the address to write for a path of the
/// site.
pub(crate) fn from_html(html: &str, address: impl Fn(&str) -> String) -> String {
    static CONVERTER: LazyLock<HtmlToMarkdown> = LazyLock::new(converter);
    // Both fail only on broken or endless input, which our own pages are not.
    let text = readable(html, address).unwrap_or_default();
    let markdown = CONVERTER.convert(&text).unwrap_or_default();
    format!("{}\n", markdown.trim())
}

/// Removes what is not text, and makes links hold outside of the page.
fn readable(html: &str, address: impl Fn(&str) -> String) -> Result<String, lol_html::errors::RewritingError> {
    let mut handlers = vec![
        element!(NOT_TEXT, |element| {
            element.remove();
            Ok(())
        }),
        // The links in the head of a list sort it.
        element!("thead a", |element| {
            element.remove_and_keep_content();
            Ok(())
        }),
        // The style sheet puts an affiliation on a line of its own.
        element!("td .affiliation, th .affiliation", |element| {
            element.before(" ", ContentType::Text);
            Ok(())
        }),
    ];
    for (selector, name) in [("[href]", "href"), ("[src]", "src")] {
        let address = &address;
        handlers.push(element!(selector, move |element| {
            if let Some(path) =
                element.get_attribute(name).filter(|path| path.starts_with('/') && !path.starts_with("//"))
            {
                element.set_attribute(name, &address(&path))?;
            }
            Ok(())
        }));
    }
    rewrite_str(html, RewriteStrSettings { element_content_handlers: handlers, ..RewriteStrSettings::new() })
}

fn converter() -> HtmlToMarkdown {
    let options = Options { bullet_list_marker: BulletListMarker::Dash, ul_bullet_spacing: 1, ..Options::default() };
    HtmlToMarkdown::builder()
        .options(options)
        .add_handler(vec!["math"], formula)
        .add_handler(vec!["s"], strikethrough)
        .add_handler(vec!["a"], link)
        .add_handler(vec!["li"], list_item)
        .add_handler(vec!["section"], section)
        .add_handler(vec!["figure"], figure)
        .add_handler(vec!["dl"], definition_list)
        .add_handler(vec!["dt"], term)
        .add_handler(vec!["dd"], definition)
        .add_handler(vec!["table"], table)
        .add_handler(vec!["thead"], table_head)
        .add_handler(vec!["tr"], table_row)
        .add_handler(vec!["td", "th"], table_cell)
        .build()
}

fn attribute<'a>(element: &'a Element, name: &str) -> Option<&'a str> {
    element.attrs.iter().find(|attribute| &*attribute.name.local == name).map(|attribute| &*attribute.value)
}

fn content(handlers: &dyn Handlers, element: &Element) -> String {
    handlers.walk_children(element.node).content.trim().to_owned()
}

/// Writes the LaTeX source of a formula.
fn formula(_: &dyn Handlers, element: Element) -> Option<HandlerResult> {
    let source = attribute(&element, "alttext")?.replace('\n', " ");
    let dollars = if attribute(&element, "display") == Some("block") { "$$" } else { "$" };
    Some(format!("{dollars}{}{dollars}", source.trim()).into())
}

fn strikethrough(handlers: &dyn Handlers, element: Element) -> Option<HandlerResult> {
    Some(format!("~~{}~~", content(handlers, &element)).into())
}

fn link(handlers: &dyn Handlers, element: Element) -> Option<HandlerResult> {
    match attribute(&element, "role") {
        Some("doc-noteref") => Some(format!("[^{}]", content(handlers, &element)).into()),
        _ => handlers.fallback(element),
    }
}

/// Writes a footnote with its label, and an entry of a list as lines without blank lines between them.
fn list_item(handlers: &dyn Handlers, element: Element) -> Option<HandlerResult> {
    if let Some((_, label)) = attribute(&element, "id").and_then(|id| id.rsplit_once("fn_")) {
        return Some(format!("\n[^{label}]: {}\n", content(handlers, &element)).into());
    }
    let is_entry = matches!(attribute(&element, "class"), Some("entry" | "numbered"));
    let item = handlers.fallback(element)?;
    Some(if is_entry { item.content.replace("\n\n", "\n").trim_end().to_owned().into() } else { item })
}

/// Takes the numbers of the list off footnotes: they have labels.
fn section(handlers: &dyn Handlers, element: Element) -> Option<HandlerResult> {
    if attribute(&element, "class") != Some("footnotes") {
        return handlers.fallback(element);
    }
    let unnumbered = |line: &str| {
        let rest = line.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').trim_start();
        if rest.starts_with("[^") { rest.to_owned() } else { line.to_owned() }
    };
    let lines: Vec<String> = content(handlers, &element).lines().map(unnumbered).collect();
    Some(format!("\n\n{}\n\n", lines.join("\n")).into())
}

/// Writes the number of a figure, which the style sheet shows on the page, before its title.
fn figure(handlers: &dyn Handlers, element: Element) -> Option<HandlerResult> {
    let text = content(handlers, &element);
    let text = match attribute(&element, "id").and_then(|id| id.strip_prefix("figure-")) {
        Some(number) => text.replacen("**", &format!("**Figure {number}: "), 1),
        None => text,
    };
    Some(format!("\n\n{text}\n\n").into())
}

/// Writes facts by name as a list.
fn definition_list(handlers: &dyn Handlers, element: Element) -> Option<HandlerResult> {
    let text = content(handlers, &element);
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    Some(format!("\n\n{}\n\n", lines.join("\n")).into())
}

fn term(handlers: &dyn Handlers, element: Element) -> Option<HandlerResult> {
    Some(format!("\n- {}:", content(handlers, &element)).into())
}

fn definition(handlers: &dyn Handlers, element: Element) -> Option<HandlerResult> {
    Some(format!(" {}\n", on_one_line(&content(handlers, &element))).into())
}

/// Joins lines, and the items of a list with commas or, if they have commas themselves, with semicolons.
fn on_one_line(markdown: &str) -> String {
    let separator = if markdown.starts_with("- ") && markdown.contains(", ") { "; " } else { ", " };
    let joined = markdown.trim_start_matches("- ").replace("\n- ", separator);
    joined.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Writes a table of pipes. htmd's own handler leaves out the `<th>` that begin rows.
fn table(handlers: &dyn Handlers, element: Element) -> Option<HandlerResult> {
    let text = content(handlers, &element);
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let (rows, caption): (Vec<&str>, Vec<&str>) = lines.partition(|line| line.starts_with('|'));
    Some(format!("\n\n{}\n\n{}\n\n", caption.join(" "), rows.join("\n")).into())
}

fn table_head(handlers: &dyn Handlers, element: Element) -> Option<HandlerResult> {
    let row = content(handlers, &element);
    let rule = " --- |".repeat(row.matches(" |").count());
    Some(format!("\n{row}\n|{rule}\n").into())
}

fn table_row(handlers: &dyn Handlers, element: Element) -> Option<HandlerResult> {
    Some(format!("\n| {}\n", on_one_line(&content(handlers, &element))).into())
}

fn table_cell(handlers: &dyn Handlers, element: Element) -> Option<HandlerResult> {
    Some(format!(" {} |", on_one_line(&content(handlers, &element)).replace('|', "\\|")).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn markdown(html: &str) -> String {
        from_html(html, |path| format!("https://e.org{path}"))
    }

    #[test]
    fn links_are_whole_and_facts_entries_and_tables_are_markdown() {
        for (html, expected) in [
            ("<p><a href=\"/a_(b)/\">x_y</a> <a href=\"#z\">z</a></p>", "[x\\_y](https://e.org/a_\\(b\\)/) [z](#z)\n"),
            ("<h1>A <s>b</s></h1>\n<form><button>c</button></form><p aria-hidden=\"true\">d</p>", "# A ~~b~~\n"),
            (
                "<dl>\n<div><dt>By</dt><dd><ul><li>A, B</li><li>C</li></ul></dd></div>\n<div><dt>On</dt><dd>D</dd></div></dl>",
                "- By: A, B; C\n- On: D\n",
            ),
            (
                "<ul><li class=\"entry\"><p>A</p>\n<p>B</p></li><li class=\"entry\"><p>C</p></li></ul>",
                "- A\n  B\n- C\n",
            ),
            (
                "<table><caption>T</caption>\n<thead><tr><th>a</th><th><a href=\"?sort\">b</a></th></tr></thead>\n\
                 <tbody><tr><th>c|d</th><td><ul><li>e</li><li>f</li></ul></td></tr>\n<tr><td></td><td>g</td></tr></tbody></table>",
                "T\n\n| a | b |\n| --- | --- |\n| c\\|d | e, f |\n| | g |\n",
            ),
        ] {
            assert_eq!(markdown(html), expected, "{html}");
        }
    }

    #[test]
    fn the_title_comes_first() {
        assert_eq!(title_first("Meetup 3\n\n# A\n\nB\n\n# C\n"), "# A\n\nMeetup 3\n\nB\n\n# C\n");
        assert_eq!(title_first("# A\n\nB\n\n# C\n"), "# A\n\nB\n\n# C\n");
    }

    #[test]
    fn formulas_code_figures_and_footnotes_keep_what_they_say() {
        for (html, expected) in [
            ("a <math alttext=\"\\frac{a_1}{b}\" display=\"inline\"><mi>a</mi></math>", "a $\\frac{a_1}{b}$\n"),
            ("<math alttext=\"x &lt; y\" display=\"block\"><mi>x</mi></math>", "$$x < y$$\n"),
            (
                "<pre><code class=\"language-py\"><span class=\"hl-keyword\">def</span> f_g():\n\n    pass\n</code></pre>",
                "```py\ndef f_g():\n\n    pass\n```\n",
            ),
            (
                "<figure id=\"figure-2\"><div class=\"pictures\"><svg><text>no</text></svg></div>\
                 <figcaption><p><b>T.</b> Says.</p></figcaption><details><summary>no</summary><p>Data</p></details></figure>",
                "**Figure 2: T.** Says.\n\nData\n",
            ),
            (
                "<p>a<sup><a href=\"#fn_1\" role=\"doc-noteref\">1</a></sup></p>\n<section class=\"footnotes\"><ol>\n\
                 <li id=\"fn_1\"><p>b <a class=\"footnote-back\" href=\"#x\">up</a></p>\n<ul><li>c</li></ul></li></ol></section>",
                "a[^1]\n\n[^1]: b\n\n    - c\n",
            ),
        ] {
            assert_eq!(markdown(html), expected, "{html}");
        }
    }
}
