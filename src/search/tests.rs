//! Ranking by hand, and what must hold for any archive.

use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::*;

const DAY: Date = date(2026, 1, 1);

fn document(kind: Kind, title: &str, context: &str, text: &str) -> Document {
    Document { context: context.to_owned(), text: text.to_owned(), ..Document::new(kind, title) }
}

fn documents() -> Vec<Document> {
    let mut closed = document(Kind::Job, "Lookahead engineer", "Company, Vienna", "You look ahead.");
    closed.until = Some(date(2020, 1, 1));
    let mut open = closed.clone();
    open.until = Some(date(2027, 1, 1));
    let mut person = Document::new(Kind::Person, "Jan Schlüter");
    person.aliases = "J. Schlueter".to_owned();
    vec![
        closed,
        open,
        document(
            Kind::Meetup,
            "Meetup 29: Recommender systems",
            "24 September 2019 · Sektor 5",
            "The Lookahead optimizer. Meetup 2 and 290.",
        ),
        document(Kind::Meetup, "Meetup 2: Audio", "7 October 2016", "Lookahead lookahead lookahead lookahead lookahead"),
        document(Kind::Talk, "Singing voice detection", "Jan Schlüter · Meetup 2 · 7 October 2016", "U-Net in C++ at ICLR'19"),
        person,
        document(Kind::Talk, "RAdam and Adam", "Ada Weiß · Meetup 29", "networks"),
        document(Kind::Talk, "Adam", "Michael Baeumer", "network"),
        document(Kind::Topic, "Networks", "", "What they are."),
    ]
}

fn titles(query: &str) -> Vec<(String, bool)> {
    let documents = documents();
    let index = Index::build(documents.clone());
    let found = index.search(query, DAY);
    found.hits.iter().map(|hit| (documents[hit.document].title.clone(), hit.near)).collect()
}

/// The titles of what has the words as they were typed.
fn written(query: &str) -> Vec<String> {
    titles(query).into_iter().filter(|(_, near)| !near).map(|(title, _)| title).collect()
}

#[test]
fn titles_come_before_names_and_names_before_texts() {
    let [person, talk] = ["Jan Schlüter", "Singing voice detection"];
    for query in ["schlüter", "Schluter", "SCHLUETER", "schlu", "schlue", "jan schlüter", "j. schluter", "Jan Schlueter's"] {
        assert_eq!(written(query)[..], [person, talk][..written(query).len().min(2)], "{query}");
        assert_eq!(written(query)[0], person, "{query}");
    }
    assert_eq!(written("networks")[0], "Networks");
    // The shorter title is more about it.
    assert_eq!(written("adam"), ["Adam", "RAdam and Adam"]);
    // However often a text has it.
    let found = written("lookahead");
    assert_eq!(found[1..], ["Meetup 2: Audio", "Meetup 29: Recommender systems", "Lookahead engineer"][..]);
}

#[test]
fn closed_offers_come_last() {
    let documents = documents();
    let index = Index::build(documents);
    let order = |day| index.search("lookahead", day).hits.iter().map(|hit| (hit.document, hit.over)).collect::<Vec<_>>();
    assert_eq!(order(date(2019, 1, 1))[..2], [(0, false), (1, false)]);
    assert_eq!(order(DAY), [(1, false), (3, false), (2, false), (0, true)]);
}

#[test]
fn numbers_and_days_find_what_they_name() {
    assert_eq!(written("29")[0], "Meetup 29: Recommender systems");
    assert_eq!(written("meetup 29")[0], "Meetup 29: Recommender systems");
    assert_eq!(written("meetup 029"), written("meetup 29"));
    assert_eq!(written("2"), ["Meetup 2: Audio", "Singing voice detection", "Meetup 29: Recommender systems"]);
    assert_eq!(written("October 2016")[..], ["Meetup 2: Audio", "Singing voice detection"]);
    assert_eq!(written("2016 oct"), written("october 2016"));
    assert_eq!(written("2018"), Vec::<String>::new());
    assert!(titles("2018").is_empty(), "no slip is forgiven in a number");
}

#[test]
fn a_number_or_code_by_itself_is_a_name() {
    let keyed =
        |key: &str, title: &str| Document { key: key.to_owned(), ..document(Kind::Meetup, title, "24 September 2019", "") };
    let documents = [
        document(Kind::Venue, "Sektor 5", "", ""),
        document(Kind::Topic, "AI", "", ""),
        keyed("5", "Meetup 5: a subject whose title is long, and on other things, as those of the first meetups were"),
        keyed("29", "Meetup 29: Sektor 5"),
        keyed("AI", "A summit in the city that has nothing in its heading of the letters by which it goes"),
        keyed("GPT-4", "Special edition on language"),
        document(Kind::Page, "Edition", "", "the special edition on 4 gpt"),
    ];
    let index = Index::build(documents.clone());
    let first = |query: &str| index.search(query, DAY).hits.first().map(|hit| hit.document);
    for (query, document) in [
        ("5", 2),
        ("05", 2),
        ("#5", 2),
        ("#29", 3),
        ("meetup 29", 3),
        ("029", 3),
        ("the 5", 2),
        ("ai", 4),
        ("AI", 4),
        ("gpt4", 5),
        ("GPT-4", 5),
        ("gpt-4", 5),
        // With another word it is no name.
        ("sektor 5", 0),
        ("5 sektor", 0),
    ] {
        assert_eq!(first(query), Some(document), "{query}: {:?}", index.search(query, DAY).hits);
    }
    // The script gets the same keys, as numbers of spellings.
    let file = String::from_utf8(script(&index, documents.into_iter().map(|d| (String::new(), d)))).unwrap();
    let json = file.strip_prefix("searchIndex(").and_then(|rest| rest.strip_suffix(");\n")).unwrap();
    let data: serde_json::Value = serde_json::from_str(json).unwrap();
    let term =
        |key: &serde_json::Value| data["terms"].as_str().unwrap().split(' ').nth(key[1].as_u64().unwrap() as usize).unwrap();
    let keys: Vec<_> = data["keys"].as_array().unwrap().iter().map(|key| (key[0].as_u64().unwrap(), term(key))).collect();
    assert_eq!(keys, [(2, "5"), (3, "29"), (4, "ai"), (5, "gpt4")]);
    // Nothing is lost: all that have the word follow.
    assert_eq!(index.search("5", DAY).hits.iter().map(|hit| hit.document).collect::<Vec<_>>(), [2, 0, 3]);
}

#[test]
fn joined_words_are_found_in_each_writing() {
    for query in ["u-net", "unet", "U Net", "c++", "C++ unet", "iclr'19", "iclr 2019", "ICLR19", "weiss", "weis", "Weiß"] {
        assert!(!written(query).is_empty(), "{query}");
    }
    assert!(written("c").contains(&"Singing voice detection".to_owned()));
}

#[test]
fn joined_words_are_found_as_one_first_and_then_one_by_one() {
    let documents = [
        document(Kind::Talk, "Deep learning", "", "deep learning, deep learning"),
        document(Kind::Talk, "Networks", "", "On deep-learning and more"),
        document(Kind::Talk, "Audio", "", "learning of what is deep"),
        document(Kind::Talk, "Deep", "", "it is"),
        document(Kind::Talk, "Learning", "", "on 2019-09-24"),
        document(Kind::Talk, "September", "", "9 of 24 in 2019"),
    ];
    let index = Index::build(documents.clone());
    let order = |query: &str| index.search(query, DAY).hits.iter().map(|hit| (hit.document, hit.near)).collect::<Vec<_>>();
    assert_eq!(order("deep-learning"), [(1, false), (0, false), (2, false)]);
    assert_eq!(order("deep-learn"), order("deep learn"), "what no document has as one is two words");
    // The last part may be the beginning of a word, as the last word may.
    assert_eq!(order("deep learning networks"), [(1, false)]);
    assert_eq!(order("networks deep-learning"), [(1, false)]);
    assert_eq!(order("2019-09-24"), [(4, false)], "a day is nothing else");
    let marked = |text| shown(&index.mark(&index.search("deep-learning", DAY), text));
    assert_eq!(marked("Deep-Learning, deep learning"), "[Deep-Learning], [deep] [learning]");
}

#[test]
fn what_a_title_begins_with_it_is_about() {
    let index = Index::build([
        document(Kind::Article, "Ranger: Lookahead around RAdam", "", "RAdam RAdam"),
        document(Kind::Article, "RAdam: Rectified Adam at length", "", "a method"),
    ]);
    assert_eq!(index.search("radam", DAY).hits.iter().map(|hit| hit.document).collect::<Vec<_>>(), [1, 0]);
}

#[test]
fn a_slip_is_forgiven_and_comes_after_what_is_right() {
    for query in [
        "schlter",
        "shclüter",
        "Schlütter",
        "jan schlüzer",
        "schlxeter",
        "baumr",
        "baeumr",
        "micheal",
        "lokahead enginer",
        "recomender",
    ] {
        let found = titles(query);
        assert!(!found.is_empty() && found.iter().all(|(_, near)| *near), "{query}: {found:?}");
    }
    // In the word, and not in the letters that an umlaut is written with.
    let art = Index::build([Document::new(Kind::Page, "Art and war")]);
    for query in ["alert", "bert", "aert"] {
        assert_eq!(art.search(query, DAY).hits.len(), usize::from(query == "aert"), "{query}");
    }
    assert_eq!(titles("schlter")[0].0, "Jan Schlüter");
    assert_eq!(titles("schlt")[0].0, "Jan Schlüter", "a slip in the beginning of a word");
    let adam = titles("adam");
    assert_eq!(adam.iter().map(|(_, near)| *near).collect::<Vec<_>>(), [false, false]);
    assert_eq!(titles("radam"), [("RAdam and Adam".to_owned(), false), ("Adam".to_owned(), true)]);
    assert!(titles("jun schluter").iter().all(|(title, _)| title != "Meetup 2: Audio"));
}

#[test]
fn where_no_document_has_all_words_those_with_the_most_are_shown() {
    let index = Index::build(documents());
    let found = index.search("adam zebra networks giraffe", DAY);
    assert_eq!((found.matched, found.asked(), found.hits.len()), (2, 4, 2));
    let none = index.search("zebra", DAY);
    assert_eq!((none.matched, none.asked(), none.hits.len()), (0, 1, 0));
    let quiet = index.search("what is the adam of networks", DAY);
    assert_eq!((quiet.matched, quiet.asked()), (2, 2));
    assert!(!index.search("are the", DAY).hits.is_empty(), "quiet words alone are words");
}

fn shown(pieces: &[Piece<'_>]) -> String {
    pieces.iter().map(|piece| if piece.marked { format!("[{}]", piece.text) } else { piece.text.to_owned() }).collect()
}

#[test]
fn hits_are_marked_and_excerpts_are_around_them() {
    let index = Index::build(documents());
    for (query, text, marked) in [
        ("schlueter", "Jan Schlüter, J. Schlüters", "Jan [Schlüter], J. Schlüters"),
        ("unet c++", "U-Net in C++.", "[U-Net] in [C++]."),
        ("net", "U-Net, network", "U-[Net], [network]"),
        ("schlter", "Schlu\u{308}ter", "[Schlu\u{308}ter]"),
        ("zebra", "zebra", "zebra"),
        ("iclr 2019", "ICLR'19", "[ICLR]'[19]"),
    ] {
        assert_eq!(shown(&index.mark(&index.search(query, DAY), text)), marked, "{query}");
    }
    let found = index.search("lookahead optimizer", DAY);
    let long = format!("lookahead {} lookahead the optimizer {}", "a ".repeat(60).trim(), "b ".repeat(60).trim());
    let excerpt = shown(&index.excerpt(&found, &long));
    assert_eq!(excerpt, format!("… {}[lookahead] the [optimizer] {} …", "a ".repeat(7), "b ".repeat(18).trim()));
    assert_eq!(shown(&index.excerpt(&found, "an optimizer")), "an [optimizer]");
    assert!(index.excerpt(&found, "nothing").is_empty() && index.excerpt(&found, "").is_empty());
}

#[test]
fn words_that_are_there_are_suggested_for_one_that_is_not() {
    let documents = documents();
    let index = Index::build(documents.clone());
    let found = index.search("jan schloettter", DAY);
    let spelt: Vec<_> =
        index.suggest(&found).into_iter().filter_map(|s| index.spell_out(&found, s, &documents[s.document])).collect();
    assert_eq!(spelt, [("Schlüter".to_owned(), "jan Schlüter".to_owned())]);
    assert!(index.suggest(&index.search("12345 xyzzyx", DAY)).is_empty());
}

#[test]
fn hostile_queries_find_nothing_and_break_nothing() {
    let index = Index::build(documents());
    for query in
        ["", " ", "\0\u{1}\u{7f}", "<script>alert(1)</script>", "😀", "\u{308}\u{308}", "'", "++ ## --", "a'a'a'a'", "\u{202e}x"]
    {
        index.search(query, DAY);
    }
    let long = "schlüter-".repeat(1200);
    assert_eq!(index.search(&long, DAY).asked(), 2, "the word, and the part of it at which the query is cut");
    let many: String = (0..2000).map(|n| format!("w{n} ")).collect();
    assert_eq!(index.search(&many, DAY).asked(), 8);
    assert!(Index::build([]).search("adam", DAY).hits.is_empty());
}

#[test]
fn the_file_holds_the_index_and_what_is_shown() {
    let documents = documents();
    let index = Index::build(documents.clone());
    let file = String::from_utf8(script(&index, documents.into_iter().map(|d| (format!("/{}/", d.title), d)))).unwrap();
    let json = file.strip_prefix("searchIndex(").and_then(|rest| rest.strip_suffix(");\n")).unwrap();
    let data: serde_json::Value = serde_json::from_str(json).unwrap();
    let count = |key: &str, by: char| data[key].as_str().unwrap().split(by).count();
    for key in ["paths", "titles", "contexts", "texts"] {
        assert_eq!(count(key, '\n'), index.documents(), "{key}");
    }
    assert_eq!((count("terms", ' '), count("postings", ' ')), (index.terms(), index.terms()));
    assert_eq!(data["until"], serde_json::json!([[0, "2020-01-01"], [1, "2027-01-01"]]));
}

proptest! {
    #[test]
    fn any_query_gives_documents_once_and_marks_that_leave_the_text(query in "\\PC{0,40}", text in "\\PC{0,80}") {
        let index = Index::build(documents());
        let found = index.search(&query, DAY);
        let mut numbers: Vec<usize> = found.hits.iter().map(|hit| hit.document).collect();
        numbers.sort_unstable();
        numbers.dedup();
        prop_assert_eq!(numbers.len(), found.hits.len());
        let all: String = index.mark(&found, &text).iter().map(|piece| piece.text).collect();
        prop_assert_eq!(all, text);
    }

    #[test]
    fn any_word_of_a_document_finds_it(words in prop::collection::vec("[A-Za-zäöüßé0-9+#'-]{1,12}", 1..6)) {
        let title = words.join(" ");
        let index = Index::build(documents().into_iter().chain([Document::new(Kind::Page, title.clone())]));
        let found = index.search(&title, DAY);
        let last = index.documents() - 1;
        if found.asked() > 0 && found.asked() < 8 {
            prop_assert!(found.hits.iter().any(|hit| hit.document == last && !hit.near), "{} {:?}", title, found);
        }
    }
}
