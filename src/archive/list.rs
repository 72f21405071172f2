//! Lists that archives share.

use std::ops::{Index, IndexMut};
use std::sync::Arc;

/// A list whose clones share what is in it. A change makes a copy of the one entry that changes, so that an archive that differs from another
/// in one event costs no more than that event.
#[derive(Debug, Clone)]
pub struct List<T>(Vec<Arc<T>>);

impl<T> List<T> {
    /// The entries in order.
    pub fn iter(&self) -> Iter<'_, T> {
        self.0.iter().map(Arc::as_ref)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first.
    pub fn first(&self) -> Option<&T> {
        self.0.first().map(Arc::as_ref)
    }

    pub(super) fn push(&mut self, entry: T) {
        self.0.push(Arc::new(entry));
    }
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Index<usize> for List<T> {
    type Output = T;

    fn index(&self, at: usize) -> &T {
        &self.0[at]
    }
}

impl<T: Clone> IndexMut<usize> for List<T> {
    fn index_mut(&mut self, at: usize) -> &mut T {
        Arc::make_mut(&mut self.0[at])
    }
}

/// The entries of a list.
pub(super) type Iter<'a, T> = std::iter::Map<std::slice::Iter<'a, Arc<T>>, fn(&'a Arc<T>) -> &'a T>;

impl<'a, T> IntoIterator for &'a List<T> {
    type Item = &'a T;
    type IntoIter = Iter<'a, T>;

    fn into_iter(self) -> Iter<'a, T> {
        self.iter()
    }
}

/// The talks or hot topics of all events: one list an event, in the order of events. What one event has does not move what the others have.
#[derive(Debug, Clone)]
pub struct Groups<T>(List<Vec<T>>);

impl<T> Groups<T> {
    /// The entries in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> + Clone {
        self.0.0.iter().flat_map(|group| group.iter())
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.iter().map(Vec::len).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(Vec::is_empty)
    }

    /// The place of each entry: its event, and where it stands among what that has.
    pub(super) fn places(&self) -> impl DoubleEndedIterator<Item = (usize, usize)> {
        self.0.0.iter().enumerate().flat_map(|(event, group)| (0..group.len()).map(move |at| (event, at)))
    }

    /// What an event has.
    pub(super) fn of(&self, event: usize) -> &[T] {
        &self.0[event]
    }

    /// Gives the next event its entries.
    pub(super) fn push(&mut self, group: Vec<T>) {
        self.0.push(group);
    }
}

impl<T: Clone> Groups<T> {
    /// What an event has, to be changed.
    pub(super) fn of_mut(&mut self, event: usize) -> &mut Vec<T> {
        &mut self.0[event]
    }
}

impl<T> Default for Groups<T> {
    fn default() -> Self {
        Self(List::default())
    }
}
