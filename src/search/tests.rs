//! Ranking by hand, and what must hold for any archive.

use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::*;

const DAY: Date = date(2026, 1, 1);

fn document(kind: Kind, title: &str, context: &str, text: &str) -> Document {
    Document { context: context.to_owned(), text: text.to_owned(), ..Document::new(kind, "/", title) }
}

fn keyed(kind: Kind, title: &str, keys: &[&str]) -> Document {
    Document { keys: keys.iter().map(|key| (*key).to_owned()).collect(), ..Document::new(kind, "/", title) }
}

fn documents() -> Vec<Document> {
    let closed = Document {
        until: Some(date(2020, 1, 1)),
        ..document(Kind::Job, "Lookahead engineer", "Closed company, Vienna", "You look ahead.")
    };
    let open = Document { until: Some(date(2027, 1, 1)), context: "Open company, Vienna".to_owned(), ..closed.clone() };
    let recommender = document(
        Kind::Meetup,
        "Meetup 29: Recommender systems",
        "24 September 2019 · Sektor 5",
        "The Lookahead optimizer. Meetup 2 and 290.",
    );
    vec![
        closed,
        open,
        recommender,
        document(
            Kind::Meetup,
            "Meetup 2: Audio",
            "7 October 2016 · oct",
            "Lookahead lookahead lookahead lookahead lookahead",
        ),
        document(
            Kind::Talk,
            "Singing voice detection",
            "Jan Schlüter · Meetup 2 · 7 October 2016 · oct",
            "U-Net in C++",
        ),
        Document { aliases: vec!["J. Schlueter".to_owned()], ..Document::new(Kind::Person, "/", "Jan Schlüter") },
        document(Kind::Talk, "RAdam and Adam", "Ada Weiß · Meetup 29", "networks"),
        document(Kind::Talk, "Adam", "Michael Baeumer", "network"),
        document(Kind::Topic, "Networks", "", "What they are."),
    ]
}

/// The titles that a query finds, best first.
fn titles(query: &str) -> Vec<String> {
    titles_in(&Index::new(documents()), query)
}

fn titles_in(index: &Index, query: &str) -> Vec<String> {
    index.search(query, DAY).hits.iter().map(|hit| hit.document.title.clone()).collect()
}

#[test]
fn titles_come_before_names_and_names_before_texts() {
    let [person, talk] = ["Jan Schlüter", "Singing voice detection"];
    for query in ["schlüter", "Schluter", "SCHLUETER", "schlu", "schlue", "jan schlüter"] {
        assert_eq!(titles(query), [person, talk], "{query}");
    }
    for query in ["j. schluter", "Jan Schlueter's"] {
        assert_eq!(titles(query)[0], person, "{query}");
    }
    assert_eq!(titles("networks")[0], "Networks");
    assert_eq!(titles("adam"), ["Adam", "RAdam and Adam"]);
    // However often a text has it.
    let found = titles("lookahead");
    assert_eq!(found[..2], ["Lookahead engineer", "Meetup 29: Recommender systems"]);
    let index = Index::new([
        document(Kind::Article, "Ranger: Lookahead around RAdam", "", "RAdam RAdam"),
        document(Kind::Article, "RAdam: Rectified Adam at length", "", "a method"),
    ]);
    assert_eq!(titles_in(&index, "radam")[0], "RAdam: Rectified Adam at length");
}

#[test]
fn what_has_expired_comes_last_and_says_so() {
    let index = Index::new(documents());
    let order = |day| {
        let found = index.search("lookahead", day);
        found.hits.iter().map(|hit| (hit.document.context.clone(), hit.expired)).collect::<Vec<_>>()
    };
    assert_eq!(order(DAY)[0], ("Open company, Vienna".to_owned(), false));
    assert_eq!(order(DAY)[3], ("Closed company, Vienna".to_owned(), true));
    assert!(order(date(2019, 1, 1)).iter().all(|(_, expired)| !expired));
}

#[test]
fn numbers_and_days_find_what_they_name() {
    assert_eq!(titles("meetup 29")[0], "Meetup 29: Recommender systems");
    assert_eq!(titles("meetup 029"), titles("meetup 29"));
    assert_eq!(titles("2")[0], "Meetup 2: Audio");
    assert_eq!(titles("October 2016"), ["Meetup 2: Audio", "Singing voice detection"]);
    assert_eq!(titles("2016 oct"), titles("october 2016"));
    assert!(titles("2018").is_empty(), "no typo is forgiven in a number");
    let day = Index::new([document(Kind::Talk, "One", "20190924", ""), document(Kind::Talk, "Other", "9 24 2019", "")]);
    assert_eq!(titles_in(&day, "2019-09-24"), ["One"]);
}

#[test]
fn a_key_finds_its_document_first() {
    let index = Index::new([
        document(Kind::Venue, "Sektor 5", "", ""),
        document(Kind::Topic, "AI", "", ""),
        keyed(
            Kind::Meetup,
            "Meetup 5: a subject whose title is long, as those of the first meetups were",
            &["5", "meetup 5"],
        ),
        keyed(Kind::Meetup, "A summit with nothing of the letters by which it goes", &["AI"]),
        keyed(Kind::Meetup, "Special edition on language", &["GPT-4"]),
        document(Kind::Meetup, "Openings", "", "job job job"),
        keyed(Kind::List, "Jobs", &["job", "job offers"]),
    ]);
    for (query, title) in [
        ("5", "Meetup 5"),
        ("05", "Meetup 5"),
        ("#5", "Meetup 5"),
        ("the 5", "Meetup 5"),
        ("meetup 5", "Meetup 5"),
        ("ai", "A summit"),
        ("gpt4", "Special"),
        ("GPT-4", "Special"),
        ("sektor 5", "Sektor"),
        ("job", "Jobs"),
        ("Job Offers", "Jobs"),
    ] {
        let found = titles_in(&index, query);
        assert!(found[0].starts_with(title), "{query}: {found:?}");
    }
    assert!(titles_in(&index, "5").contains(&"Sektor 5".to_owned()));
}

#[test]
fn the_next_meetup_is_found_by_these_words() {
    let meetup = |title: &str, until| Document { until, ..keyed(Kind::Meetup, title, &[]) };
    let index = Index::new([
        meetup("Later", Some(date(2026, 3, 1))),
        meetup("Next", Some(date(2026, 2, 1))),
        meetup("Past", Some(date(2025, 2, 1))),
        meetup("Without a day", None),
        keyed(Kind::List, "Meetups", &["next meetup"]),
    ]);
    let first = |query: &str, day| index.search(query, day).hits[0].document.title.clone();
    assert_eq!((first("next meetup", DAY), first("Next event", date(2026, 2, 2))), ("Next".into(), "Later".into()));
    assert_eq!(first("next meetup", date(2026, 3, 2)), "Meetups");
}

#[test]
fn joined_words_are_found_in_each_writing() {
    for query in ["u-net", "unet", "U Net", "c++", "C++ unet"] {
        assert_eq!(titles(query), ["Singing voice detection"], "{query}");
    }
    let index = Index::new([
        document(Kind::Talk, "Deep learning", "", "of things"),
        document(Kind::Talk, "Deep-learning and more", "", ""),
        document(Kind::Talk, "Audio", "", "learning of what is deep"),
        document(Kind::Talk, "Deep", "", "it is"),
    ]);
    assert_eq!(titles_in(&index, "deep-learning"), ["Deep learning", "Deep-learning and more", "Audio"]);
    assert_eq!(titles_in(&index, "deep-learn").len(), 3);
}

#[test]
fn a_typo_is_forgiven_where_nothing_has_the_words_as_typed() {
    let index = Index::new(documents());
    for (query, corrected) in [
        ("schlter", "Schlüter"),
        ("shclüter", "Schlüter"),
        ("Schlütter", "Schlüter"),
        ("jan schlüzer", "jan Schlüter"),
        ("baumr", "Baeumer"),
        ("micheal", "Michael"),
        ("lokahead enginer", "Lookahead engineer"),
        ("recomender", "Recommender"),
    ] {
        let found = index.search(query, DAY);
        assert_eq!(found.corrected.as_deref(), Some(corrected), "{query}");
        assert!(!found.hits.is_empty());
    }
    let exact = index.search("adam", DAY);
    assert_eq!((exact.corrected, exact.hits.len()), (None, 2));
    // Short words are other words, and no letter of an umlaut comes out of nothing.
    let art = Index::new([Document::new(Kind::Page, "/", "Art and war")]);
    for query in ["alert", "bert", "arts", "wat"] {
        assert_eq!(art.search(query, DAY).hits.len(), usize::from(query == "arts"), "{query}");
    }
}

#[test]
fn where_no_document_has_all_words_those_with_the_most_are_found() {
    let index = Index::new(documents());
    let found = index.search("adam zebra networks giraffe", DAY);
    assert_eq!((found.matched, found.asked(), found.hits.len(), &found.corrected), (2, 4, 2, &None));
    let none = index.search("zebra", DAY);
    assert_eq!((none.matched, none.asked(), none.hits.len()), (0, 1, 0));
    let stop_words = index.search("what is the adam of meetup 29", DAY);
    assert_eq!((stop_words.matched, stop_words.asked()), (3, 3));
    assert!(!index.search("are the", DAY).hits.is_empty(), "stop words alone are words");
    let spelled = index.suggest(&index.search("jan schloettter", DAY));
    assert_eq!(spelled, [("Schlüter".to_owned(), "jan Schlüter".to_owned())]);
    assert!(index.suggest(&index.search("12345 xyzzyx", DAY)).is_empty());
}

fn shown(pieces: &[Piece<'_>]) -> String {
    pieces.iter().map(|piece| if piece.marked { format!("[{}]", piece.text) } else { piece.text.to_owned() }).collect()
}

#[test]
fn hits_are_marked_and_excerpts_are_around_them() {
    let index = Index::new(documents());
    for (query, text, marked) in [
        ("schlueter", "Jan Schlüter, J. Schlüters", "Jan [Schlüter], J. [Schlüters]"),
        ("unet c++", "U-Net in C++.", "[U-Net] in [C++]."),
        ("net", "U-Net, network", "U-[Net], [network]"),
        ("deep-learning", "Deep-Learning, deep learning", "[Deep-Learning], [deep] [learning]"),
        ("schlter", "Schlu\u{308}ter", "[Schlu\u{308}ter]"),
        ("zebra", "zébra", "[zébra]"),
        ("zebra", "horse", "horse"),
    ] {
        assert_eq!(shown(&index.search(query, DAY).mark(text)), marked, "{query}");
    }
    let found = index.search("lookahead optimizer", DAY);
    let long = format!("lookahead {}lookahead the optimizer {}", "ä ".repeat(60), "b ".repeat(120));
    let excerpt = shown(&found.excerpt(&long));
    assert!(excerpt.starts_with("… ä ä") && excerpt.contains(" ä [lookahead] the [optimizer] b "), "{excerpt}");
    assert!(excerpt.ends_with(" b b …") && (190..250).contains(&excerpt.len()), "{excerpt}");
    assert_eq!(shown(&found.excerpt("an optimizer")), "an [optimizer]");
    assert!(found.excerpt("nothing").is_empty() && found.excerpt("").is_empty());
}

#[test]
fn hostile_queries_break_nothing() {
    let index = Index::new(documents());
    for query in
        ["", " ", "\0\u{1}\u{7f}", "<script>alert(1)</script>", "😀", "\u{308}\u{308}", "'", "++ ## --", "\u{202e}x"]
    {
        index.search(query, DAY);
    }
    let many: String = (0..2000).map(|n| format!("w{n} ")).collect();
    assert_eq!(index.search(&many, DAY).asked(), 10);
    assert!(Index::new([]).search("adam", DAY).hits.is_empty());
}

proptest! {
    #[test]
    fn any_query_gives_documents_once_and_marks_that_leave_the_text(query in "\\PC{0,40}", text in "\\PC{0,80}") {
        let index = Index::new(documents());
        let found = index.search(&query, DAY);
        let mut hits: Vec<_> = found.hits.iter().map(|hit| std::ptr::from_ref(hit.document)).collect();
        hits.sort_unstable();
        hits.dedup();
        prop_assert_eq!(hits.len(), found.hits.len());
        let all: String = found.mark(&text).iter().map(|piece| piece.text).collect();
        prop_assert_eq!(all, text.clone());
        found.excerpt(&text);
    }

    #[test]
    fn any_words_of_a_document_find_it(words in prop::collection::vec("[A-Za-zäöüßé0-9+#'-]{1,12}", 1..6)) {
        let title = words.join(" ");
        let index = Index::new(documents().into_iter().chain([Document::new(Kind::Page, "/last/", title.clone())]));
        let found = index.search(&title, DAY);
        if found.asked() > 0 {
            prop_assert!(found.hits.iter().any(|hit| hit.document.path == "/last/"), "{} {:?}", title, found);
        }
    }
}
