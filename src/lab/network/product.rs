//! The product of small matrices, with one order of sums.
//!
//! Each element of the result is a sum over k from first to last of rounded products, whatever the blocking: so blocks can be
//! chosen for speed and never change a bit. Accumulators are small arrays that the compiler keeps in vector registers; operations are
//! plain multiplications and additions, which Rust never fuses, and lanes hold different elements, so that no sum is split over lanes.
//!
//! That holds for vectors of any width, so pulp may choose the width by the processor: with AVX2 the product is four times as fast as with
//! SSE2, and has the same bits.

use std::array::from_fn;

use pulp::{Arch, Simd, WithSimd};

use crate::optim::Scalar;

/// Columns of a panel. Two f32 registers of AVX2 hold a row of it.
const COLUMNS: usize = 16;

/// Rows of the left matrix that are worked on at once: 4 × 16 accumulators are half of AVX2's registers. With 6 or 8 rows the compiler
/// runs out of registers for [`product`], which then takes up to twice the time.
const ROWS: usize = 4;

/// The right matrix of a product, cut into panels of [`COLUMNS`] columns; the last panel is filled up with zeros.
#[derive(Debug, Clone, Default)]
pub(super) struct Panels<S> {
    /// Panel after panel, in each row after row.
    lines: Vec<[S; COLUMNS]>,
    rows: usize,
    columns: usize,
}

impl<S: Scalar> Panels<S> {
    /// Makes room for a matrix of so many rows and columns.
    pub(super) fn reserve(&mut self, rows: usize, columns: usize) {
        self.lines.reserve(rows * columns.div_ceil(COLUMNS));
    }

    /// Takes a matrix with rows of `columns` elements. Allocates only when it is larger than any before.
    pub(super) fn pack(&mut self, matrix: &[S], columns: usize) {
        self.clear(matrix.len() / columns, columns);
        for first in (0..columns).step_by(COLUMNS) {
            let width = COLUMNS.min(columns - first);
            self.lines.extend(matrix.chunks_exact(columns).map(|row| match row[first..].first_chunk() {
                Some(line) => *line,
                None => from_fn(|j| if j < width { row[first + j] } else { S::default() }),
            }));
        }
    }

    /// Takes the transpose of a matrix with rows of `columns` elements.
    pub(super) fn pack_transposed(&mut self, matrix: &[S], columns: usize) {
        let rows = matrix.len() / columns;
        self.clear(columns, rows);
        for first in (0..rows).step_by(COLUMNS) {
            let width = COLUMNS.min(rows - first);
            for row in 0..columns {
                let element = |j| if j < width { matrix[(first + j) * columns + row] } else { S::default() };
                self.lines.push(from_fn(element));
            }
        }
    }

    fn clear(&mut self, rows: usize, columns: usize) {
        self.lines.clear();
        (self.rows, self.columns) = (rows, columns);
    }
}

/// `c` ← `a`·b + `bias` in each row, where a has as many columns as b has rows; without a bias the sums start at zero.
pub(super) fn product<S: Scalar>(a: &[S], b: &Panels<S>, bias: Option<&[S]>, c: &mut [S]) {
    Arch::new().dispatch(Product { a, b, bias, c });
}

struct Product<'a, S> {
    a: &'a [S],
    b: &'a Panels<S>,
    bias: Option<&'a [S]>,
    c: &'a mut [S],
}

impl<S: Scalar> WithSimd for Product<'_, S> {
    type Output = ();

    #[inline(always)]
    fn with_simd<V: Simd>(self, _: V) {
        let Product { a, b, bias, c } = self;
        let (depth, columns) = (b.rows, b.columns);
        for (panel, first) in b.lines.chunks_exact(depth).zip((0..columns).step_by(COLUMNS)) {
            let width = COLUMNS.min(columns - first);
            let start: [S; COLUMNS] = from_fn(|j| bias.filter(|_| j < width).map_or(S::default(), |bias| bias[first + j]));
            let mut tops = a.chunks_exact(ROWS * depth);
            let mut results = c.chunks_exact_mut(ROWS * columns);
            for (a, c) in tops.by_ref().zip(results.by_ref()) {
                store(tile::<S, ROWS>(from_fn(|r| &a[r * depth..][..depth]), panel, start), c, columns, first, width);
            }
            let rest = results.into_remainder().chunks_exact_mut(columns);
            for (a, c) in tops.remainder().chunks_exact(depth).zip(rest) {
                store(tile::<S, 1>([a], panel, start), c, columns, first, width);
            }
        }
    }
}

/// `c` ← `a`ᵀ·b, where a has as many rows as b, each of `rows` elements, a multiple of nothing.
pub(super) fn product_of_transposed<S: Scalar>(a: &[S], rows: usize, b: &Panels<S>, c: &mut [S]) {
    Arch::new().dispatch(ProductOfTransposed { a, rows, b, c });
}

struct ProductOfTransposed<'a, S> {
    a: &'a [S],
    rows: usize,
    b: &'a Panels<S>,
    c: &'a mut [S],
}

impl<S: Scalar> WithSimd for ProductOfTransposed<'_, S> {
    type Output = ();

    #[inline(always)]
    fn with_simd<V: Simd>(self, _: V) {
        let ProductOfTransposed { a, rows, b, c } = self;
        let (depth, columns) = (b.rows, b.columns);
        for (panel, first) in b.lines.chunks_exact(depth).zip((0..columns).step_by(COLUMNS)) {
            let width = COLUMNS.min(columns - first);
            let whole = rows - rows % ROWS;
            for (top, c) in (0..whole).step_by(ROWS).zip(c.chunks_exact_mut(ROWS * columns)) {
                store(tile_of_columns::<S, ROWS>(&a[top..], rows, panel), c, columns, first, width);
            }
            for (top, c) in (whole..rows).zip(c[whole * columns..].chunks_exact_mut(columns)) {
                store(tile_of_columns::<S, 1>(&a[top..], rows, panel), c, columns, first, width);
            }
        }
    }
}

// The loops over rows and lanes go by index: with iterators the compiler leaves the accumulators in memory, at a third of the speed.

/// Σ_k a\[r\]\[k\]·panel\[k\] on top of `start`, for R rows.
#[inline(always)]
fn tile<S: Scalar, const R: usize>(a: [&[S]; R], panel: &[[S; COLUMNS]], start: [S; COLUMNS]) -> [[S; COLUMNS]; R] {
    let a = a.map(|row| &row[..panel.len()]);
    let mut sums = [start; R];
    for (k, line) in panel.iter().enumerate() {
        for r in 0..R {
            add(&mut sums[r], a[r][k], line);
        }
    }
    sums
}

/// Σ_k a\[k · stride + r\]·panel\[k\], for R neighbouring columns of a.
#[inline(always)]
fn tile_of_columns<S: Scalar, const R: usize>(a: &[S], stride: usize, panel: &[[S; COLUMNS]]) -> [[S; COLUMNS]; R] {
    let mut sums = [[S::default(); COLUMNS]; R];
    for (row, line) in a.chunks(stride).zip(panel) {
        let Some(row) = row.first_chunk::<R>() else { break };
        for r in 0..R {
            add(&mut sums[r], row[r], line);
        }
    }
    sums
}

#[inline(always)]
fn add<S: Scalar>(sums: &mut [S; COLUMNS], a: S, line: &[S; COLUMNS]) {
    for j in 0..COLUMNS {
        sums[j] += a * line[j];
    }
}

/// Writes the columns from `first` of the rows of a tile; the last panel is narrower than its tile.
#[inline(always)]
fn store<S: Scalar, const R: usize>(tile: [[S; COLUMNS]; R], c: &mut [S], columns: usize, first: usize, width: usize) {
    for (row, sums) in c.chunks_exact_mut(columns).zip(&tile) {
        match row[first..].first_chunk_mut() {
            Some(whole) => *whole = *sums,
            None => row[first..].copy_from_slice(&sums[..width]),
        }
    }
}
