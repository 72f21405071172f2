//! From nodes to typed values, with every complaint kept.

use std::cell::RefCell;
use std::str::FromStr;

use jiff::civil::Date;

use super::parse::{Node, Value};
use crate::problem::{At, Place, Problem, Text};

/// The complaints about one document, collected while it is read.
#[derive(Debug, Default)]
pub struct Problems(RefCell<Vec<Problem>>);

impl Problems {
    /// Adds one.
    pub fn add(&self, problem: Problem) {
        self.0.borrow_mut().push(problem);
    }

    /// All of them, in the order they were found.
    pub fn into_vec(self) -> Vec<Problem> {
        self.0.into_inner()
    }
}

/// What is earlier is a slip of the keys: there was no machine to learn.
const FIRST_YEAR: i16 = 1900;

/// A node on its way to becoming a typed value. Methods that give `None` have complained.
#[derive(Debug, Clone, Copy)]
pub struct Cursor<'a> {
    node: &'a Node,
    problems: &'a Problems,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(node: &'a Node, problems: &'a Problems) -> Self {
        Self { node, problems }
    }

    /// Where the node stands.
    pub fn place(&self) -> Place {
        self.node.place.clone()
    }

    /// Adds an error at the node.
    pub fn error(&self, message: impl Into<String>, help: impl Into<String>) {
        self.problems.add(Problem::error(self.place(), message).help(help));
    }

    fn expected<T>(&self, what: &str) -> Option<T> {
        self.problems.add(Problem::error(self.place(), format!("expected {what}, found {}", self.node.value.kind())));
        None
    }

    /// Whether the node is a mapping, for values that may be written short (as text) or long.
    pub fn is_map(&self) -> bool {
        matches!(self.node.value, Value::Map(_))
    }

    /// Text without surrounding white space.
    pub fn text(&self) -> Option<Text> {
        match &self.node.value {
            Value::Scalar(text) if !text.trim().is_empty() => Some(text.trimmed()),
            _ => self.expected("text"),
        }
    }

    /// Anything that is written as one word or number; `what` names it in the complaint (`a whole number`).
    pub fn parse<T: FromStr>(&self, what: &str) -> Option<At<T>> {
        let text = self.text()?;
        match text.parse() {
            Ok(it) => Some(At { it, place: self.place() }),
            Err(_) => {
                self.problems.add(Problem::error(self.place(), format!("expected {what}, found `{text}`")));
                None
            }
        }
    }

    /// A calendar date, `YYYY-MM-DD`.
    pub fn date(&self) -> Option<At<Date>> {
        let text = self.text()?;
        // jiff also reads other ISO 8601 spellings; content files keep to one.
        let date: Option<Date> = (text.len() == 10).then(|| text.parse().ok()).flatten();
        match date {
            Some(it) if it.year() >= FIRST_YEAR => Some(At { it, place: self.place() }),
            Some(it) => {
                self.error(format!("the year {:04} is long past", it.year()), "write all four digits of the year: 2019-09-24");
                None
            }
            None => {
                let help = no_such_day(&text).unwrap_or_else(|| "write it as year-month-day: 2019-09-24".to_owned());
                self.error(format!("`{text}` is not a date"), help);
                None
            }
        }
    }

    /// `true` or `false`.
    pub fn flag(&self) -> Option<bool> {
        self.choice(&[("true", true), ("false", false)])
    }

    /// One of a few words.
    pub fn choice<T: Copy>(&self, words: &[(&str, T)]) -> Option<T> {
        let text = self.text()?;
        let hit = words.iter().find(|(word, _)| text == *word).map(|(_, value)| *value);
        if hit.is_none() {
            let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let problem = Problem::error(self.place(), format!("`{text}` is none of: {}", known.join(", ")));
            self.problems.add(problem.suggest(&text, known));
        }
        hit
    }

    /// The items of a list; a single value counts as a list of one.
    pub fn items(&self) -> Vec<Cursor<'a>> {
        match &self.node.value {
            Value::List(nodes) => nodes.iter().map(|node| Cursor { node, problems: self.problems }).collect(),
            Value::Null => Vec::new(),
            _ => vec![*self],
        }
    }

    /// The entries of a mapping in their order: key, value.
    pub fn entries(&self) -> Vec<(Cursor<'a>, Cursor<'a>)> {
        let Value::Map(entries) = &self.node.value else {
            return self.expected("a mapping (`key: value`)").unwrap_or_default();
        };
        let cursor = |node| Cursor { node, problems: self.problems };
        entries.iter().map(|(key, value)| (cursor(key), cursor(value))).collect()
    }

    /// Reads a mapping whose keys are known; `what` names it (`a talk`). Keys that `read` does not ask for are errors.
    pub fn fields<T>(&self, what: &'static str, read: impl FnOnce(&mut Fields<'a>) -> Option<T>) -> Option<T> {
        let Value::Map(entries) = &self.node.value else {
            return self.expected(&format!("{what} (`key: value` lines)"));
        };
        let mut fields = Fields { entries, place: self.place(), problems: self.problems, asked: Vec::new(), what };
        let value = read(&mut fields);
        fields.complain_of_unknown_keys();
        value
    }
}

/// The keys of a mapping while it is being read.
#[derive(Debug)]
pub struct Fields<'a> {
    entries: &'a [(Node, Node)],
    place: Place,
    problems: &'a Problems,
    asked: Vec<&'static str>,
    what: &'static str,
}

impl<'a> Fields<'a> {
    /// Where the mapping begins.
    pub fn place(&self) -> Place {
        self.place.clone()
    }

    /// Adds a problem.
    pub fn problem(&self, problem: Problem) {
        self.problems.add(problem);
    }

    /// The value of a key, if the key is there. A key without a value is a warning and counts as absent.
    pub fn get(&mut self, key: &'static str) -> Option<Cursor<'a>> {
        self.asked.push(key);
        let (name, node) = self.entries.iter().find(|(name, _)| matches!(&name.value, Value::Scalar(text) if *text == key))?;
        if matches!(node.value, Value::Null) {
            let problem = Problem::warning(name.place.clone(), format!("`{key}` has no value"));
            self.problems.add(problem.help("leave the key out when the value is not known"));
            return None;
        }
        Some(Cursor { node, problems: self.problems })
    }

    /// The value of a key that has to be there.
    pub fn need(&mut self, key: &'static str) -> Option<Cursor<'a>> {
        let found = self.get(key);
        if found.is_none() {
            let message = format!("{} needs `{key}`", self.what);
            self.problems.add(Problem::error(self.place.clone(), message).help(format!("add a line `{key}: …`")));
        }
        found
    }

    /// Text under a key.
    pub fn text(&mut self, key: &'static str) -> Option<Text> {
        self.get(key)?.text()
    }

    /// Anything written as one word or number under a key, as with [`Cursor::parse`].
    pub fn parse<T: FromStr>(&mut self, key: &'static str, what: &str) -> Option<At<T>> {
        self.get(key)?.parse(what)
    }

    /// Text under a key that has to be there.
    pub fn need_text(&mut self, key: &'static str) -> Option<Text> {
        self.need(key)?.text()
    }

    /// A date under a key.
    pub fn date(&mut self, key: &'static str) -> Option<At<Date>> {
        self.get(key)?.date()
    }

    /// The items under a key, each read by `read`; none when the key is absent.
    pub fn list<T>(&mut self, key: &'static str, read: impl FnMut(Cursor<'a>) -> Option<T>) -> Vec<T> {
        let mut list: Vec<T> =
            self.get(key).map(|cursor| cursor.items().into_iter().filter_map(read).collect()).unwrap_or_default();
        // Sources stay in memory as long as the archive, and most of their lists have one or two entries.
        list.shrink_to_fit();
        list
    }

    /// The texts under a key.
    pub fn texts(&mut self, key: &'static str) -> Vec<Text> {
        self.list(key, |cursor| cursor.text())
    }

    /// Says that which keys there may be is not known: those that were not asked for are no complaint.
    pub fn pass_over_the_rest(&mut self) {
        self.entries = &[];
    }

    fn complain_of_unknown_keys(&self) {
        for (name, _) in self.entries {
            let Value::Scalar(text) = &name.value else { continue };
            if self.asked.contains(&text.as_str()) {
                continue;
            }
            let problem = Problem::error(name.place.clone(), format!("unknown key `{text}` in {}", self.what))
                .help(format!("known keys are: {}", self.asked.join(", ")))
                .suggest(text, self.asked.iter().copied());
            self.problems.add(problem);
        }
    }
}

/// What is wrong with a text that is written like a date.
fn no_such_day(text: &str) -> Option<String> {
    let (year, rest) = text.split_once('-').filter(|_| text.len() == 10)?;
    let (month, day) = rest.split_once('-').filter(|(_, day)| day.parse::<u8>().is_ok())?;
    let first = Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok();
    let days = first.map(|first| format!("{year}-{month} has {} days, and none of the number {day}", first.days_in_month()));
    Some(days.unwrap_or_else(|| "months are 01 to 12".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;
    use crate::problem::{Level, SourceFile};

    struct Talk {
        title: Text,
        speakers: Vec<Text>,
        date: Option<At<Date>>,
    }

    fn read(text: &str) -> (Option<Talk>, Vec<Problem>) {
        let file = SourceFile::new("a.yaml", text);
        let document = parse(&file, text, 0).unwrap();
        let problems = Problems::default();
        let talk = document.cursor(&problems).fields("a talk", |f| {
            let (title, speakers, date) = (f.need_text("title"), f.texts("speakers"), f.date("date"));
            Some(Talk { title: title?, speakers, date })
        });
        (talk, problems.into_vec())
    }

    #[test]
    fn values_keep_their_places() {
        let (talk, problems) = read("title: ' A: B '\nspeakers: Jane\ndate: 2019-09-24\n");
        let talk = talk.unwrap();
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(talk.title, "A: B");
        assert_eq!((talk.speakers.len(), talk.speakers[0].place().column), (1, 11));
        assert_eq!(talk.date.unwrap().it.to_string(), "2019-09-24");
    }

    #[test]
    fn all_problems_come_in_one_run() {
        let (talk, problems) = read("speekers: [Jane]\ndate: 24.9.2019\nfoo: 1\n");
        assert!(talk.is_none());
        let seen: Vec<(usize, &str)> = problems.iter().map(|p| (p.place.line, p.message.as_str())).collect();
        assert_eq!(
            seen,
            [
                (1, "a talk needs `title`"),
                (2, "`24.9.2019` is not a date"),
                (1, "unknown key `speekers` in a talk"),
                (3, "unknown key `foo` in a talk"),
            ]
        );
        assert_eq!(problems[2].help.as_deref(), Some("did you mean `speakers`?"));
        assert_eq!(problems[3].help.as_deref(), Some("known keys are: title, speakers, date"));
    }

    #[test]
    fn a_day_that_no_month_has_is_told_from_another_way_of_writing() {
        for (date, help) in [
            ("2026-02-31", "2026-02 has 28 days, and none of the number 31"),
            ("2026-04-00", "2026-04 has 30 days, and none of the number 00"),
            ("2026-13-01", "months are 01 to 12"),
            ("31.12.2026", "write it as year-month-day: 2019-09-24"),
            ("2026-2-3", "write it as year-month-day: 2019-09-24"),
            ("2026-02-3x", "write it as year-month-day: 2019-09-24"),
        ] {
            let (_, problems) = read(&format!("title: A\ndate: {date}\n"));
            let told: Vec<_> = problems.iter().map(|problem| (problem.message.clone(), problem.help.as_deref())).collect();
            assert_eq!(told, [(format!("`{date}` is not a date"), Some(help))]);
        }
    }

    #[test]
    fn a_year_before_all_meetups_is_a_slip() {
        let (_, problems) = read("title: A\ndate: 0219-09-24\n");
        let told: Vec<_> = problems.iter().map(|problem| (problem.message.as_str(), problem.help.as_deref())).collect();
        assert_eq!(told, [("the year 0219 is long past", Some("write all four digits of the year: 2019-09-24"))]);
        assert!(read("title: A\ndate: 1900-01-01\n").1.is_empty());
    }

    #[test]
    fn an_empty_value_is_a_warning_and_absent() {
        let (talk, problems) = read("title: A\ndate:\n");
        assert!(talk.unwrap().date.is_none());
        assert_eq!((problems.len(), problems[0].level), (1, Level::Warning));
    }
}
