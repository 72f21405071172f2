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
