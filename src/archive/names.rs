//! Look-up by the names that people write.

use std::collections::HashMap;
use std::sync::Arc;

use crate::diagnostics::{Diagnostic, Span, Spanned, closest, misspelt};

/// A name with one ordinary space where it has spaces of any kind.
fn spaced(name: &str) -> String {
    name.split_whitespace().collect::<Vec<&str>>().join(" ")
}

/// The names and aliases of one registry.
#[derive(Debug, Default)]
pub(super) struct Names {
    what: &'static str,
    /// The entries by their names, with ordinary spaces.
    by_name: HashMap<String, (usize, Span)>,
}

impl Names {
    /// Makes an empty registry. Messages call an entry `what`: `person`.
    pub(super) fn of(what: &'static str) -> Self {
        Self { what, by_name: HashMap::new() }
    }

    /// Returns whether nothing is registered, as when the file of the registry is missing.
    pub(super) fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }

    /// Registers a name for the entry `index`.
    ///
    /// # Errors
    /// A diagnostic when another entry has the name already.
    pub(super) fn add(&mut self, name: &Spanned<Arc<str>>, index: usize) -> Result<(), Diagnostic> {
        if let Some((other, first)) = self.by_name.get(&spaced(name)) {
            if *other == index {
                return Ok(());
            }
            let message = format!("the {} `{name}` is here a second time", self.what);
            return Err(Diagnostic::error(name.span.clone(), message).help(format!(
                "the first is in {}:{}; give each name and alias to one entry only",
                first.file.name, first.line
            )));
        }
        self.by_name.insert(spaced(name), (index, name.span.clone()));
        Ok(())
    }

    /// Returns the entry with exactly this name or alias; which spaces it has does not matter.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.by_name.get(&spaced(name)).map(|(index, _)| *index)
    }

    /// Returns the registered name of which this one is probably a misspelling.
    pub(super) fn misspelt(&self, name: &str) -> Option<&str> {
        misspelt(name, self.sorted())
    }

    /// Makes the error that a name is in no entry, with the closest one that is.
    pub(super) fn unknown(&self, name: &Spanned<Arc<str>>, file: &str) -> Diagnostic {
        let diagnostic = Diagnostic::error(name.span.clone(), format!("unknown {} `{}`", self.what, name));
        match misspelt(name, self.sorted()).or_else(|| closest(name, self.sorted())) {
            Some(near) => diagnostic.help(format!("did you mean `{near}`? If not, add it to {file}")),
            None => diagnostic.help(format!("add it to {file}, or correct the name")),
        }
    }

    /// All names in a fixed order, so that ties between candidates are resolved alike in each run.
    fn sorted(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.by_name.keys().map(String::as_str).collect();
        names.sort_unstable();
        names
    }
}
