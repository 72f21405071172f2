use proptest::prelude::*;

use super::*;
use crate::diagnostics::Level;

/// Knows every page but `missing`; shows blocks `lab` with the lines before them.
struct Pages;

impl Host for Pages {
    fn link(&mut self, target: &str) -> Result<String, Refused> {
        match target {
            "missing" => Err(Refused::new("no page `missing`").help("did you mean `/a`?")),
            other => Ok(other.to_owned()),
        }
    }

    fn block(&mut self, info: &str, body: &str, lines_before: usize) -> Option<Html> {
        (info == "lab").then(|| Html::trusted(format!("<figure>{lines_before} {}</figure>", escape(body))))
    }
}

/// Second of two texts of a page, below an `h3`.
struct Second;

impl Host for Second {
    fn link(&mut self, target: &str) -> Result<String, Refused> {
        Ok(target.to_owned())
    }
    fn id_prefix(&self) -> &str {
        "two-"
    }
    fn top_level(&self) -> u8 {
        4
    }
}

fn rendered(text: &str) -> Rendered {
    render(&SourceFile::new("a.md", text), text, 0, &mut Pages)
}

fn html(text: &str) -> String {
    let rendered = rendered(text);
    assert_eq!(rendered.diagnostics, [], "{text}");
    rendered.html.to_string()
}

/// Line, column, width and marked text of each diagnostic, and what it says.
fn diagnostics(text: &str) -> Vec<(usize, usize, usize, String)> {
    let diagnostics = rendered(text).diagnostics;
    diagnostics
        .into_iter()
        .map(|diagnostic| (diagnostic.span.line, diagnostic.span.column, diagnostic.span.width, diagnostic.message))
        .collect()
}

fn diagnostic(text: &str) -> (usize, usize, usize, String) {
    let mut diagnostics = diagnostics(text);
    assert_eq!(diagnostics.len(), 1, "{diagnostics:?}");
    diagnostics.remove(0)
}

#[test]
fn characters_stay_as_they_were_typed() {
    assert_eq!(
        html("*a* **b** ~~c~~ `d<e` -- \"f\" ... & 'g'"),
        "<p><em>a</em> <strong>b</strong> <del>c</del> <code>d&lt;e</code> -- \"f\" ... &amp; 'g'</p>\n"
    );
}

#[test]
fn headings_start_below_the_title_and_have_ids_of_their_own() {
    let text = "# Größe & *Maß*\n\n## Größe\n\n# Größe\n\n###### $x$\n";
    let rendered = rendered(text);
    let headings: Vec<_> = rendered.headings.iter().map(|h| (h.level, h.id.as_str(), h.text.as_str())).collect();
    let expected = [(2, "grosse-mass", "Größe & Maß"), (3, "grosse", "Größe"), (2, "grosse-2", "Größe"), (6, "x", "x")];
    assert_eq!(headings, expected);
    let first = "<div class=\"heading\"><h2 id=\"grosse-mass\">Größe &amp; <em>Maß</em></h2>\
                 <a class=\"anchor\" href=\"#grosse-mass\" aria-label=\"Link to section: Größe &amp; Maß\">#</a></div>";
    assert!(rendered.html.as_str().starts_with(first), "{}", rendered.html);
}

#[test]
fn headings_that_begin_at_two_are_not_pushed_to_three() {
    let levels: Vec<u8> = rendered("## A\n\n### B\n\n#\n").headings.iter().map(|h| h.level).collect();
    assert_eq!(levels, [3, 4, 2]);
    let levels: Vec<u8> = rendered("## A\n\n### B\n").headings.iter().map(|h| h.level).collect();
    assert_eq!(levels, [2, 3]);
}

#[test]
fn ids_are_unique_even_against_numbered_ones() {
    let ids: Vec<String> = rendered("# a\n# a 2\n# a\n# ?\n# !\n").headings.into_iter().map(|h| h.id).collect();
    assert_eq!(ids, ["a", "a-2", "a-3", "section", "section-2"]);
}

#[test]
fn a_second_text_on_a_page_has_other_ids_and_lower_headings() {
    let text = "# A\n\n[up](#a) x[^n]\n\n[^n]: note\n";
    let rendered = render(&SourceFile::new("a.md", text), text, 0, &mut Second);
    for part in [
        "<h4 id=\"two-a\">",
        "href=\"#two-a\">up",
        "id=\"two-fnref_1_1\"",
        "href=\"#two-fn_1\"",
        "<li id=\"two-fn_1\">",
    ] {
        assert!(rendered.html.as_str().contains(part), "{part} in {}", rendered.html);
    }
    assert_eq!(rendered.diagnostics, []);
}

#[test]
fn links_go_where_the_host_says() {
    assert_eq!(html("[a](/a \"T\")"), "<p><a href=\"/a\" title=\"T\">a</a></p>\n");
    let link = "<a href=\"https://b.at/%C3%A4\" rel=\"noopener\">https://b.at/ä</a>";
    assert_eq!(html("<https://b.at/ä b>"), format!("<p>&lt;{link} b&gt;</p>\n"));
    assert_eq!(
        html("<https://b.at/?a&b=\"ä>"),
        "<p><a href=\"https://b.at/?a&amp;b=%22%C3%A4\" rel=\"noopener\">https://b.at/?a&amp;b=\"ä</a></p>\n"
    );
    assert_eq!(html("<x@b.at>"), "<p><a href=\"mailto:x@b.at\">x@b.at</a></p>\n");
    assert_eq!(html("[up](#a)\n\n# A\n").lines().next(), Some("<p><a href=\"#a\">up</a></p>"));
    assert_eq!(html("[up][r]\n\n[r]: /a\n"), "<p><a href=\"/a\">up</a></p>\n");
}

#[test]
fn dead_links_show_their_words_and_are_reported_where_they_stand() {
    let text = "# Results\n\nüü [see *it*](missing) and [top](#result)\n";
    let rendered = rendered(text);
    assert!(
        rendered.html.as_str().contains("üü <span class=\"dead-link\">see <em>it</em></span> and "),
        "{}",
        rendered.html
    );
    assert_eq!(diagnostics(text)[0], (3, 15, 7, "no page `missing`".into()));
    assert_eq!(diagnostics(text)[1], (3, 34, 7, "no heading here has the id `result`".into()));
    assert_eq!(rendered.diagnostics[0].help.as_deref(), Some("did you mean `/a`?"));
    assert_eq!(rendered.diagnostics[1].help.as_deref(), Some("did you mean `#results`?"));
}

#[test]
fn schemes_that_run_or_hide_something_are_refused() {
    for target in [
        "javascript:x",
        "JavaScript:x",
        "<java&#10;script:x>",
        "&#1;javascript:x",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc",
    ] {
        for text in [format!("[a]({target})"), format!("![a]({target})"), format!("[a][r]\n\n[r]: {target}\n")] {
            let rendered = rendered(&text);
            assert!(
                !rendered.html.as_str().contains("<a") && !rendered.html.as_str().contains("<img"),
                "{}",
                rendered.html
            );
            let message = rendered.diagnostics[0].message.to_lowercase();
            let known = ["javascript", "data", "vbscript", "file"]
                .map(|scheme| format!("links to `{scheme}:` are not followed"));
            assert!(known.contains(&message), "{message:?}");
        }
    }
    assert_eq!(html("[a](/x?y:z)"), "<p><a href=\"/x?y:z\">a</a></p>\n");
}

#[test]
fn references_that_nothing_defines_are_reported_and_brackets_are_not() {
    assert_eq!(diagnostic("a\n\nü [b][c] [d] e[0]\n"), (3, 3, 6, "nothing defines `[c]`".into()));
    assert_eq!(diagnostic("a [^1] \\[^2] `[^3]`\n"), (1, 3, 4, "nothing defines `[^1]`".into()));
}

#[test]
fn images_have_their_description() {
    assert_eq!(
        html("![a *b* \"c\"](/p.png)"),
        "<p><img src=\"/p.png\" alt=\"a b &quot;c&quot;\" loading=\"lazy\"></p>\n"
    );
    assert_eq!(diagnostic("![](/p.png)").3, "the image has no description");
    assert_eq!(diagnostic("![a](/p.png \"t\")").3, "the title of an image is not shown");
    assert_eq!(diagnostic("![a](missing)"), (1, 6, 7, "no page `missing`".into()));
    assert_eq!(rendered("![a](missing)").html.as_str(), "<p><span class=\"dead-link\">a</span></p>\n");
}

#[test]
fn html_is_shown_and_reported_and_comments_are_dropped() {
    let text = "<div onclick=\"x\">\n<script>y</script>\n\na <b>c</b>\n\n<!-- d -->\n\ne<!-- f -->\n";
    let expected = "<p>&lt;div onclick=&quot;x&quot;&gt;\n&lt;script&gt;y&lt;/script&gt;</p>\n\
                    <p>a &lt;b&gt;c&lt;/b&gt;</p>\n<p>e</p>\n";
    assert_eq!(rendered(text).html.as_str(), expected);
    let message = "HTML is shown as text";
    assert_eq!(diagnostics(text), [(1, 1, 17, message.into()), (4, 3, 3, message.into()), (4, 7, 4, message.into())]);
}

#[test]
fn a_comment_hides_nothing_but_itself() {
    assert!(rendered("<!-- a --><script>b</script> -->\n").html.as_str().contains("&lt;script&gt;"));
}

#[test]
fn tables_scroll_and_are_named_by_their_header() {
    let text = "| *a* | | n |\n|---|:-:|--:|\n| 1 | 2 | `3` |\n";
    let expected = "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table: a, n\"><table>\n\
        <thead><tr><th scope=\"col\"><em>a</em></th><td class=\"center\"></td><th scope=\"col\" class=\"right\">n</th></tr></thead>\n\
        <tbody>\n<tr><td>1</td><td class=\"center\">2</td><td class=\"right\"><code>3</code></td></tr>\n</tbody></table></div>\n";
    assert_eq!(html(text), expected);
}

#[test]
fn footnotes_are_numbered_as_they_are_met_and_lead_back() {
    let text = "a[^z] b[^Y] c[^z]\n\n[^y]: Y\n[^z]: Z\n\n    - list\n";
    let expected = concat!(
        "<p>a<sup class=\"footnote-ref\"><a id=\"fnref_1_1\" href=\"#fn_1\" role=\"doc-noteref\" aria-label=\"Footnote 1\">1</a></sup>",
        " b<sup class=\"footnote-ref\"><a id=\"fnref_2_1\" href=\"#fn_2\" role=\"doc-noteref\" aria-label=\"Footnote 2\">2</a></sup>",
        " c<sup class=\"footnote-ref\"><a id=\"fnref_1_2\" href=\"#fn_1\" role=\"doc-noteref\" aria-label=\"Footnote 1\">1</a></sup></p>\n",
        "<section class=\"footnotes\" role=\"doc-endnotes\" aria-label=\"Footnotes\">\n<ol>\n<li id=\"fn_1\">\n<p>Z</p>\n<ul>\n<li>list</li>\n</ul>\n",
        " <a class=\"footnote-back\" href=\"#fnref_1_1\" role=\"doc-backlink\" aria-label=\"Back to reference 1 of footnote 1\">↩\u{fe0e}<sup>1</sup></a>",
        " <a class=\"footnote-back\" href=\"#fnref_1_2\" role=\"doc-backlink\" aria-label=\"Back to reference 2 of footnote 1\">↩\u{fe0e}<sup>2</sup></a></li>\n",
        "<li id=\"fn_2\">\n<p>Y <a class=\"footnote-back\" href=\"#fnref_2_1\" role=\"doc-backlink\" aria-label=\"Back to reference 1 of footnote 2\">↩\u{fe0e}</a></p>\n",
        "</li>\n</ol>\n</section>\n"
    );
    assert_eq!(html(text), expected);
}

#[test]
fn footnotes_stand_in_the_order_of_their_numbers_wherever_they_are_defined() {
    let html = html("[^b]: B\n\n[^a]: A\n\nx[^a] y[^b]\n");
    let order: Vec<&str> =
        ["<li id=\"fn_1\">\n<p>A ", "<li id=\"fn_2\">\n<p>B "].into_iter().filter(|part| html.contains(part)).collect();
    assert_eq!(order.len(), 2, "{html}");
    assert!(html.find(order[0]) < html.find(order[1]), "{html}");
}

#[test]
fn footnotes_nobody_reads_or_that_are_there_twice_are_reported() {
    assert_eq!(diagnostic("a\n\n[^1]: b\n"), (3, 1, 7, "nothing refers to the footnote `[^1]`".into()));
    let twice = "a[^1]\n\n[^1]: b\n\n[^1]: c\n";
    assert_eq!(diagnostic(twice), (5, 1, 7, "the footnote `[^1]` is defined twice".into()));
    assert!(rendered(twice).html.as_str().contains("<p>b ") && !rendered(twice).html.as_str().contains("<p>c"));
}

#[test]
fn code_is_coloured_and_the_hosts_blocks_are_the_hosts() {
    assert_eq!(
        html("```json\r\n[1]\r\n```\r\n"),
        "<pre class=\"code\" tabindex=\"0\"><code class=\"language-json\">[<span class=\"hl-constant\">1</span>]\n</code></pre>\n"
    );
    assert_eq!(
        html("``` <x>\n<b>\n```"),
        "<pre class=\"code\" tabindex=\"0\"><code class=\"language-&lt;x&gt;\">&lt;b&gt;\n</code></pre>\n"
    );
    assert_eq!(html("    <b>\n"), "<pre class=\"code\" tabindex=\"0\"><code>&lt;b&gt;\n</code></pre>\n");
    let text = "---\nt: x\n---\na\n\n```lab\nseed: 1\n```\nb\n";
    let rendered = render(&SourceFile::new("a.md", text), &text[13..], 3, &mut Pages);
    assert_eq!(rendered.html.as_str(), "<p>a</p>\n<figure>6 seed: 1\n</figure>\n<p>b</p>\n");
    assert_eq!(html("- x\n\n  ```lab\n  y\n  ```\n").matches("<figure>3 y\n</figure>").count(), 1);
}

#[test]
fn math_is_set_and_an_error_in_it_shows_the_source() {
    assert_eq!(html("from $5 to $6"), "<p>from $5 to $6</p>\n");
    assert_eq!(html("a $x$"), "<p>a <math alttext=\"x\" display=\"inline\"><mi>x</mi></math></p>\n");
    let display = "<span class=\"math\" tabindex=\"0\" role=\"group\" aria-label=\"Formula\"><math alttext=\"x\" display=\"block\"><mi>x</mi></math></span>";
    assert_eq!(html("$$x$$"), format!("<p>{display}</p>\n"));
    let text = "ü $a + \\foo < b$ and\n$$\nx \\bar\n$$\n";
    assert_eq!(diagnostics(text)[0], (1, 8, 4, "unknown command `\\foo` in the formula".into()));
    assert_eq!((diagnostics(text)[1].0, diagnostics(text)[1].1), (2, 1));
    assert!(rendered(text).html.as_str().contains("<code class=\"math-error\">a + \\foo &lt; b</code>"));
}

#[test]
fn amounts_in_dollars_are_no_formulas() {
    for text in [
        "Salary US$3 and US$4.",
        "Hourly between $100-$200.",
        "It pays $90,000-$110,000 a year.",
        "Entrance 15$-20$ a head.",
        "A day costs US$5/US$10.",
        "From $1/$2/$3 on.",
    ] {
        assert_eq!(html(text), format!("<p>{text}</p>\n"));
        assert_eq!(plain(text), text);
    }
    let text = "US$5 or $a$, US$3 *and*\nUS$4 [b](missing)$c$\n";
    let rendered = rendered(text);
    let words = rendered.html.as_str().replace("<math alttext=", "<math ");
    assert_eq!(words.matches("<math ").count(), 2, "{words}");
    assert!(words.starts_with("<p>US$5 or <math") && words.contains(", US$3 <em>and</em>\nUS$4 <span"), "{words}");
    assert_eq!(diagnostics(text), [(2, 10, 7, "no page `missing`".into())]);
    assert!(html("The formula $a + b$ is one.").contains("<math"));
    // A block that begins inside of the amounts stays in its paragraph.
    assert_eq!(html("> US$3\n> and US$4\n"), "<blockquote>\n<p>US$3\nand US$4</p>\n</blockquote>\n");
}

#[test]
fn bare_addresses_are_links() {
    let link =
        "<a href=\"https://example.org/a_(b)?c=1&amp;d\" rel=\"noopener\">https://example.org/a_(b)?c=1&amp;d</a>";
    assert_eq!(html("See (https://example.org/a_(b)?c=1&d)."), format!("<p>See ({link}).</p>\n"));
    assert_eq!(html("`https://example.org` ftp://a.b javascript://x").matches("<a ").count(), 0);
    assert_eq!(html("[see https://example.org/](/a)"), "<p><a href=\"/a\">see https://example.org/</a></p>\n");
    assert_eq!(html("# https://example.org/\n").matches("<a href=\"https://example.org/\"").count(), 1);
}

#[test]
fn headings_have_the_id_behind_them() {
    let text = "# Work\n\n## The work {#work}\n\n[down](#work) [up](#work-2)\n";
    let html = html(text);
    assert!(html.contains("<h2 id=\"work-2\">Work</h2>") && html.contains("<h3 id=\"work\">The work</h3>"), "{html}");
    assert_eq!(plain("## The work {#work}"), "The work");
    assert_eq!(rendered("## R {{a: b}}\n").headings[0].text, "R {{a: b}}");
    let message = "braces at the end of a heading hold only its id; the rest is not shown";
    assert_eq!(diagnostic("## A {1, 2}"), (1, 1, 11, message.into()));
    assert_eq!(rendered("## A \\{1, 2\\}").headings[0].text, "A {1, 2}");
}

#[test]
fn the_steps_of_an_algorithm_are_lists_in_lists() {
    let text = "1. **Input:** $\\beta_2$\n2. while not converged\n   1. if $\\rho_t > 4$ then\n      - $r_t \\leftarrow 1$\n   2. else $\\hat{m}_t$\n";
    let html = html(text);
    let tags = html.split('<').filter_map(|part| part.split_once('>')).map(|(tag, _)| tag);
    let shape: Vec<&str> = tags.filter(|tag| ["ol", "ul", "li"].contains(&tag.trim_start_matches('/'))).collect();
    assert_eq!(shape.join(" "), "ol li /li li ol li ul li /li /ul /li li /li /ol /li /ol");
    assert_eq!(html.matches(" display=\"inline\">").count(), 4);
}

#[test]
fn places_are_those_of_the_file() {
    let dead = |text: &str, body: &str, lines_before: usize| {
        let rendered = render(&SourceFile::new("a.md", text), body, lines_before, &mut Pages);
        let place = rendered.diagnostics[0].span.clone();
        (place.line, place.column, place.line_text().to_owned())
    };
    let marked = "\u{feff}üa [b](missing)\n";
    assert_eq!(dead(marked, marked, 0), (1, 8, "üa [b](missing)".into()));
    let crlf = "---\r\nt: x\r\n---\r\n\r\n\tx\r\n\r\n> üa\r\n> [b](missing)\r\n";
    assert_eq!(dead(crlf, &crlf[16..], 3), (8, 7, "> [b](missing)".into()));
    let yaml = "talks:\n  - abstract: |\n      First.\n      ü [b](missing)\n";
    assert_eq!(dead(yaml, "First.\nü [b](missing)\n", 2), (4, 13, "      ü [b](missing)".into()));
}

#[test]
fn all_that_is_wrong_leaves_the_text_in_use() {
    let rendered = rendered("[a](missing) $\\x$ <b> [^1] ![](/p)\n\n[^2]: x\n");
    assert_eq!(rendered.diagnostics.len(), 6);
    assert!(rendered.diagnostics.is_sorted_by_key(|diagnostic| (diagnostic.span.line, diagnostic.span.column)));
    assert!(rendered.diagnostics.iter().all(|diagnostic| diagnostic.level != Level::Error));
}

#[test]
fn plain_is_the_words() {
    let text = "\u{feff}# A *b*\n\n- c `d` $e$\n  - f\n\n> g\nh[^1] ![i](/j) <b>k</b> [l](/m)\n\n```\nn\n```\n\n| o | p |\n|---|---|\n| q | r |\n\n[^1]: s\n\n<div>\nt\n</div>\n";
    assert_eq!(plain(text), "A b c d e f g h k l o p q r");
    assert_eq!(plain("*A* {{b: c_d at_e}}, {{f: g}}. `{{h: i}}` {{j\n\nk}} l"), "A …, …. {{h: i}} {{j k}} l");
}

/// Checks that each `<` begins a tag that this module writes, and that each element is closed where it should be.
pub(super) fn balanced(html: &str) -> Result<(), String> {
    const VOID: [&str; 3] = ["br", "hr", "img"];
    const NAMES: &str = "a blockquote br code del div em figure h2 h3 h4 h5 h6 hr img li ol p pre section span strong sup table tbody td th thead tr ul";
    let mut open: Vec<&str> = Vec::new();
    for part in html.split('<').skip(1) {
        let (tag, _) = part.split_once('>').ok_or(format!("`{part}` is open"))?;
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or("");
        let mathml = name.starts_with('m') && name.chars().all(|c| c.is_ascii_lowercase());
        if !mathml && !NAMES.split(' ').any(|known| known == name) {
            return Err(format!("`<{tag}>` is no tag of ours"));
        }
        if tag.matches('"').count() % 2 == 1 || tag.contains(" on") {
            return Err(format!("`<{tag}>` has odd attributes"));
        }
        if tag.starts_with('/') {
            let closed = open.pop();
            if closed != Some(name) {
                return Err(format!("</{name}> closes {closed:?}"));
            }
        } else if !tag.ends_with('/') && !VOID.contains(&name) {
            open.push(name);
        }
    }
    if open.is_empty() { Ok(()) } else { Err(format!("{open:?} are open")) }
}

#[test]
fn the_check_of_tags_can_fail() {
    for bad in ["<p>", "</p>", "<p><em></p></em>", "<script></script>", "a < b", "<p title=\">", "<em"] {
        assert!(balanced(bad).is_err(), "{bad}");
    }
    assert_eq!(balanced("<p><math><mi>x</mi><mspace width=\"1\" /></math><br /></p>"), Ok(()));
}

/// Pieces of Markdown, most of which mean something only with others.
const PIECES: [&str; 60] = [
    "a",
    "ä",
    "𝔸",
    " ",
    "  ",
    "\n",
    "\n\n",
    "\r\n",
    "\t",
    "    ",
    "\u{feff}",
    "\0",
    "*",
    "**",
    "_",
    "~~",
    "`",
    "```",
    "```lab\n",
    "~~~python\n",
    "# ",
    "###### ",
    "===\n",
    "---\n",
    "> ",
    "- ",
    "1. ",
    "7) ",
    "[",
    "]",
    "(",
    ")",
    "](",
    "[^1]",
    "[^1]: ",
    "[^ä]",
    "[a]: ",
    "![",
    "<",
    ">",
    "<script>",
    "</script>",
    "<!--",
    "-->",
    "<b>",
    "<x@y.z>",
    "<https://",
    "javascript:",
    "missing",
    "\"",
    "'",
    "|",
    "|---|\n",
    "$",
    "$$",
    "\\",
    "{",
    "\\frac{",
    "&lt;",
    "&#60;",
];

proptest! {
    #[test]
    fn no_text_breaks_the_page(text in "\\PC{0,60}") {
        check(&text)?;
    }

    #[test]
    fn no_markdown_breaks_the_page(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..40)) {
        check(&pieces.concat())?;
    }
}

fn check(text: &str) -> Result<(), TestCaseError> {
    let rendered = rendered(text);
    let html = rendered.html.as_str();
    prop_assert_eq!(balanced(html), Ok(()), "{:?} {}", text, html);
    prop_assert!(!html.contains("<script"), "{}", html);
    let lower = html.to_lowercase();
    prop_assert!(!lower.contains("href=\"javascript:") && !lower.contains("src=\"javascript:"), "{}", html);
    for diagnostic in &rendered.diagnostics {
        let line = diagnostic.span.file.text.lines().nth(diagnostic.span.line - 1).unwrap_or("");
        prop_assert!(diagnostic.span.column <= line.chars().count() + 1, "{:?} in {:?}", diagnostic.span, text);
    }
    let mut ids: Vec<&str> = html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    prop_assert_eq!(ids.len(), count, "{}", html);
    prop_assert!(!plain(text).contains('\n'));
    Ok(())
}
