//! Looking things up by the names that people write.

use std::collections::HashMap;

use crate::problem::{Problem, Text, closest, misspelt};

/// The names and aliases of one registry.
#[derive(Debug, Default)]
pub(super) struct Names {
    what: &'static str,
    by_name: HashMap<Text, usize>,
}

impl Names {
    /// An empty registry of `what` (`person`), for messages.
    pub(super) fn of(what: &'static str) -> Self {
        Self { what, by_name: HashMap::new() }
    }

    /// Whether nothing was registered, as when the registry's file is missing.
    pub(super) fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }

    /// Registers a name for the entry `index`.
    ///
    /// # Errors
    /// A problem when another entry has the name already.
    pub(super) fn add(&mut self, name: &Text, index: usize) -> Result<(), Problem> {
        if let Some((first, other)) = self.by_name.get_key_value(name) {
            if *other == index {
                return Ok(());
            }
            let message = format!("the {} `{name}` is here a second time", self.what);
            let first = first.place();
            return Err(Problem::error(name.place(), message).help(format!(
                "the first is in {}:{}; give each name and alias to one entry only",
                first.file.name, first.line
            )));
        }
        self.by_name.insert(name.clone(), index);
        Ok(())
    }

    /// The entry of exactly this name or alias.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    /// The entry of which the name is probably a misspelling, and the right spelling.
    pub(super) fn misspelt(&self, name: &str) -> Option<(usize, &str)> {
        let spelling = misspelt(name, self.sorted())?;
        Some((self.find(spelling)?, spelling))
    }

    /// That a name is in no entry, with the closest that is.
    pub(super) fn unknown(&self, name: &Text, file: &str) -> Problem {
        let problem = Problem::error(name.place(), format!("unknown {} `{}`", self.what, name));
        match misspelt(name, self.sorted()).or_else(|| closest(name, self.sorted())) {
            Some(near) => problem.help(format!("did you mean `{near}`? If not, add it to {file}")),
            None => problem.help(format!("add it to {file}, or correct the name")),
        }
    }

    /// In an order that does not change from run to run, so that ties between candidates fall the same way.
    fn sorted(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.by_name.keys().map(Text::as_str).collect();
        names.sort_unstable();
        names
    }
}
