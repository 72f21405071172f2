//! Reads the nodes of a spec. What a key may hold depends on the values of other keys (the options of an optimizer on
//! its name, the limit of a batch on its task), so specs are read by hand and not derived.

use std::cell::RefCell;
use std::sync::Arc;

use crate::diagnostics::{Diagnostic, SourceFile, Span};
use crate::yaml::{self, Document, Invalid, Node, Value};

/// Reads a document with `read`. Gives the value unless something in the document is an error, and all diagnostics.
pub(in crate::lab) fn read_document<T>(
    file: &Arc<SourceFile>,
    text: &str,
    lines_before: usize,
    read: impl FnOnce(Cursor<'_>) -> Option<T>,
) -> (Option<T>, Vec<Diagnostic>) {
    let document = match yaml::parse(file, text, lines_before) {
        Ok(document) => document,
        Err(diagnostic) => return (None, vec![diagnostic]),
    };
    let diagnostics = RefCell::new(document.diagnostics.clone());
    let value = read(Cursor { node: &document.root, document: &document, diagnostics: &diagnostics });
    let diagnostics = diagnostics.into_inner();
    (value.filter(|_| yaml::is_usable(&diagnostics)), diagnostics)
}

/// A node on its way to becoming a typed value. Methods that give `None` have added a diagnostic.
#[derive(Debug, Clone, Copy)]
pub(in crate::lab) struct Cursor<'a> {
    node: &'a Node,
    document: &'a Document,
    diagnostics: &'a RefCell<Vec<Diagnostic>>,
}

impl<'a> Cursor<'a> {
    fn with(self, node: &'a Node) -> Self {
        Self { node, ..self }
    }

    fn report(&self, diagnostic: Diagnostic) {
        self.diagnostics.borrow_mut().push(diagnostic);
    }

    /// Where the node stands.
    pub(in crate::lab) fn span(&self) -> Span {
        self.document.span(self.node)
    }

    /// Adds an error at the node.
    pub(in crate::lab) fn error(&self, message: impl Into<String>, help: impl Into<String>) {
        self.report(Diagnostic::error(self.span(), message).help(help));
    }

    fn expected<T>(&self, what: &str) -> Option<T> {
        self.report(Diagnostic::error(self.span(), format!("expected {what}, found {}", self.node.kind())));
        None
    }

    /// Returns whether the node is a mapping, for values that may be written short (as text) or long.
    pub(in crate::lab) fn is_map(&self) -> bool {
        matches!(self.node.value, Value::Map(_))
    }

    /// Reads text.
    pub(in crate::lab) fn text(&self) -> Option<Arc<str>> {
        match &self.node.value {
            Value::Text(text) if !text.is_empty() => Some(text.clone()),
            _ => self.expected("text"),
        }
    }

    /// Reads what is written as one word or number.
    pub(in crate::lab) fn convert<T>(&self, read: impl FnOnce(&str) -> Result<T, Invalid>) -> Option<T> {
        read(&self.text()?).map_err(|invalid| self.report(invalid.at(self.span()))).ok()
    }

    /// Reads one of a few words.
    pub(in crate::lab) fn choice<T: Copy>(&self, words: &[(&str, T)]) -> Option<T> {
        self.convert(|text| yaml::choice(text, words))
    }

    /// The items of a list; a single value counts as a list of one.
    pub(in crate::lab) fn items(&self) -> Vec<Cursor<'a>> {
        match &self.node.value {
            Value::List(nodes) => nodes.iter().map(|node| self.with(node)).collect(),
            Value::Null => Vec::new(),
            _ => vec![*self],
        }
    }

    /// The keys and values of a mapping in their order.
    pub(in crate::lab) fn entries(&self) -> Vec<(Cursor<'a>, Cursor<'a>)> {
        match &self.node.value {
            Value::Map(entries) => entries.iter().map(|(key, value)| (self.with(key), self.with(value))).collect(),
            _ => self.expected("a mapping (`key: value`)").unwrap_or_default(),
        }
    }

    /// Reads a mapping whose keys are known; `what` names it (`a schedule`). Keys that `read` does not ask for are
    /// errors.
    pub(in crate::lab) fn fields<T>(
        &self,
        what: &'static str,
        read: impl FnOnce(&mut Fields<'a>) -> Option<T>,
    ) -> Option<T> {
        let Value::Map(entries) = &self.node.value else {
            return self.expected(&format!("{what} (`key: value` lines)"));
        };
        let mut fields = Fields { entries, cursor: *self, asked: Vec::new(), what };
        let value = read(&mut fields);
        fields.report_unknown_keys();
        value
    }
}

/// The keys of a mapping while it is being read.
#[derive(Debug)]
pub(in crate::lab) struct Fields<'a> {
    entries: &'a [(Node, Node)],
    cursor: Cursor<'a>,
    asked: Vec<&'static str>,
    what: &'static str,
}

impl<'a> Fields<'a> {
    /// Where the mapping begins.
    pub(in crate::lab) fn span(&self) -> Span {
        Span { width: 1, ..self.cursor.span() }
    }

    /// Adds a diagnostic.
    pub(in crate::lab) fn report(&self, diagnostic: Diagnostic) {
        self.cursor.report(diagnostic);
    }

    /// The value of a key, if the key is there. A key without a value is a warning and counts as absent.
    pub(in crate::lab) fn get(&mut self, key: &'static str) -> Option<Cursor<'a>> {
        self.asked.push(key);
        let (name, node) = self.entries.iter().find(|(name, _)| name.text() == Some(key))?;
        if matches!(node.value, Value::Null) {
            let warning = Diagnostic::warning(self.cursor.with(name).span(), format!("`{key}` has no value"));
            self.report(warning.help("leave the key out when the value is not known"));
            return None;
        }
        Some(self.cursor.with(node))
    }

    /// The value of a key that has to be there.
    pub(in crate::lab) fn need(&mut self, key: &'static str) -> Option<Cursor<'a>> {
        let found = self.get(key);
        if found.is_none() {
            let error = Diagnostic::error(self.span(), format!("{} needs `{key}`", self.what));
            self.report(error.help(format!("add a line `{key}: …`")));
        }
        found
    }

    /// Text under a key.
    pub(in crate::lab) fn text(&mut self, key: &'static str) -> Option<Arc<str>> {
        self.get(key)?.text()
    }

    /// Accepts all other keys, because it is not known which there may be.
    pub(in crate::lab) fn accept_all_keys(&mut self) {
        self.entries = &[];
    }

    fn report_unknown_keys(&self) {
        for (key, _) in self.entries {
            let Some(name) = key.text().filter(|name| !self.asked.contains(name)) else { continue };
            let error =
                Diagnostic::error(self.cursor.with(key).span(), format!("unknown key `{name}` in {}", self.what));
            let help = format!("known keys are: {}", self.asked.join(", "));
            self.report(error.help(help).suggest(name, self.asked.iter().copied()));
        }
    }
}
