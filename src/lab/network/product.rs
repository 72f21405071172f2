//! The product of small matrices, with one order of sums.
//!
//! Each element of the result is a sum over k from first to last of rounded products, whatever the blocking: so blocks can be
//! chosen for speed and never change a bit. Sums are kept in vector registers, whose lanes hold different elements, so that no sum is split
//! over lanes; a product is rounded before it is added, never fused.
//!
//! That holds for vectors of any width, so pulp may choose the width by the processor: SSE2, AVX2 and AVX-512 give the same bits.

use std::array::from_fn;

use pulp::{Arch, Simd, WithSimd};

use super::lanes::Lanes;

/// Columns of a panel: one f32 register of AVX-512, two of AVX2.
const COLUMNS: usize = 16;

/// A line of a panel, at an address from which one vector never spans two lines of the processor's cache.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
struct Line<S>([S; COLUMNS]);

/// The right matrix of a product, cut into panels of [`COLUMNS`] columns; the last panel is filled up with zeros.
#[derive(Debug, Clone, Default)]
pub(super) struct Panels<S> {
    /// Panel after panel, in each row after row.
    lines: Vec<Line<S>>,
    rows: usize,
    columns: usize,
}

impl<S: Lanes> Panels<S> {
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
                Some(line) => Line(*line),
                None => Line(from_fn(|j| if j < width { row[first + j] } else { S::default() })),
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
                self.lines.push(Line(from_fn(element)));
            }
        }
    }

    fn clear(&mut self, rows: usize, columns: usize) {
        self.lines.clear();
        (self.rows, self.columns) = (rows, columns);
    }
}

/// `c` ← `a`·b + `bias` in each row, where a has as many columns as b has rows; without a bias the sums start at zero.
pub(super) fn product<S: Lanes>(a: &[S], b: &Panels<S>, bias: Option<&[S]>, c: &mut [S]) {
    Arch::new().dispatch(Product { a, b, bias, c });
}

/// `c` ← `a`ᵀ·b, where a has as many rows as b, each of `rows` elements.
pub(super) fn product_of_transposed<S: Lanes>(a: &[S], rows: usize, b: &Panels<S>, c: &mut [S]) {
    Arch::new().dispatch(ProductOfTransposed { a, rows, b, c });
}

struct Product<'a, S> {
    a: &'a [S],
    b: &'a Panels<S>,
    bias: Option<&'a [S]>,
    c: &'a mut [S],
}

struct ProductOfTransposed<'a, S> {
    a: &'a [S],
    rows: usize,
    b: &'a Panels<S>,
    c: &'a mut [S],
}

/// Work in tiles of R rows, each of W vectors.
trait Tiled {
    fn by_tiles<V: Simd, const R: usize, const W: usize>(self, simd: V);
}

/// Chooses tiles that keep the sums in registers: AVX-512 has 32 registers and needs eight rows to have an addition in each
/// unit at each time, AVX2 and SSE2 have 16, of which sums take half. Without vectors the compiler makes its own of the sixteen numbers.
#[inline(always)]
fn choose_tiles<S: Lanes, V: Simd>(work: impl Tiled, simd: V) {
    match (COLUMNS * size_of::<S>() / size_of::<S::Vector<V>>(), V::REGISTER_COUNT > 16) {
        (1, _) => work.by_tiles::<V, 8, 1>(simd),
        (2, true) => work.by_tiles::<V, 8, 2>(simd),
        (2, false) => work.by_tiles::<V, 4, 2>(simd),
        (4, true) => work.by_tiles::<V, 4, 4>(simd),
        (4, false) => work.by_tiles::<V, 2, 4>(simd),
        (8, _) => work.by_tiles::<V, 2, 8>(simd),
        (_, _) => work.by_tiles::<V, 4, COLUMNS>(simd),
    }
}

impl<S: Lanes> WithSimd for Product<'_, S> {
    type Output = ();

    #[inline(always)]
    fn with_simd<V: Simd>(self, simd: V) {
        choose_tiles::<S, V>(self, simd);
    }
}

impl<S: Lanes> WithSimd for ProductOfTransposed<'_, S> {
    type Output = ();

    #[inline(always)]
    fn with_simd<V: Simd>(self, simd: V) {
        choose_tiles::<S, V>(self, simd);
    }
}

impl<S: Lanes> Tiled for Product<'_, S> {
    #[inline(always)]
    fn by_tiles<V: Simd, const R: usize, const W: usize>(self, simd: V) {
        let Product { a, b, bias, c } = self;
        let (depth, columns) = (b.rows, b.columns);
        for (panel, first) in b.lines.chunks_exact(depth).zip((0..columns).step_by(COLUMNS)) {
            let width = COLUMNS.min(columns - first);
            let start = Line(from_fn(|j| bias.filter(|_| j < width).map_or(S::default(), |bias| bias[first + j])));
            let (whole, rest) = a.split_at(a.len() - a.len() % (R * depth));
            let (tops, bottom) = c.split_at_mut(whole.len() / depth * columns);
            for (a, c) in whole.chunks_exact(R * depth).zip(tops.chunks_exact_mut(R * columns)) {
                let rows: [&[S]; R] = from_fn(|r| &a[r * depth..][..depth]);
                let tile = tile::<S, V, R, W>(simd, (0..depth).map(|k| from_fn(|r| rows[r][k])), panel, &start);
                store(&tile, c, columns, first, width);
            }
            for (a, c) in rest.chunks_exact(depth).zip(bottom.chunks_exact_mut(columns)) {
                store(&tile::<S, V, 1, W>(simd, a.iter().map(|a| [*a]), panel, &start), c, columns, first, width);
            }
        }
    }
}

impl<S: Lanes> Tiled for ProductOfTransposed<'_, S> {
    #[inline(always)]
    fn by_tiles<V: Simd, const R: usize, const W: usize>(self, simd: V) {
        let ProductOfTransposed { a, rows, b, c } = self;
        let (depth, columns) = (b.rows, b.columns);
        let zero = Line([S::default(); COLUMNS]);
        for (panel, first) in b.lines.chunks_exact(depth).zip((0..columns).step_by(COLUMNS)) {
            let width = COLUMNS.min(columns - first);
            let whole = rows - rows % R;
            for (top, c) in (0..whole).step_by(R).zip(c.chunks_exact_mut(R * columns)) {
                let columns_of_a = a[top..].chunks(rows).filter_map(|row| row.first_chunk::<R>().copied());
                store(&tile::<S, V, R, W>(simd, columns_of_a, panel, &zero), c, columns, first, width);
            }
            for (top, c) in (whole..rows).zip(c[whole * columns..].chunks_exact_mut(columns)) {
                let column_of_a = a[top..].iter().step_by(rows).map(|a| [*a]);
                store(&tile::<S, V, 1, W>(simd, column_of_a, panel, &zero), c, columns, first, width);
            }
        }
    }
}

/// `start` + Σ_k `a`_k\[r\]·`panel`\[k\] for R rows.
#[inline(always)]
fn tile<S: Lanes, V: Simd, const R: usize, const W: usize>(
    simd: V,
    a: impl Iterator<Item = [S; R]>,
    panel: &[Line<S>],
    start: &Line<S>,
) -> [Line<S>; R] {
    let vectors = |line: &Line<S>| -> [S::Vector<V>; W] { from_fn(|w| S::vectors::<V>(&line.0)[w]) };
    let mut sums = [vectors(start); R];
    for (a, line) in a.zip(panel) {
        let line = vectors(line);
        for r in 0..R {
            for w in 0..W {
                sums[r][w] = S::add_product(simd, sums[r][w], a[r], line[w]);
            }
        }
    }
    sums.map(|sums| {
        let mut line = *start;
        S::vectors_mut::<V>(&mut line.0).copy_from_slice(&sums);
        line
    })
}

/// Writes the columns from `first` of the rows of a tile; the last panel is narrower than its tile.
#[inline(always)]
fn store<S: Lanes, const R: usize>(tile: &[Line<S>; R], c: &mut [S], columns: usize, first: usize, width: usize) {
    for (row, sums) in c.chunks_exact_mut(columns).zip(tile) {
        match row[first..].first_chunk_mut() {
            Some(whole) => *whole = sums.0,
            None => row[first..].copy_from_slice(&sums.0[..width]),
        }
    }
}

#[cfg(test)]
mod tests {
    use pulp::{Scalar, Scalar128b, Scalar256b, Scalar512b};

    use super::*;

    /// A product and one of the transposed, in vectors of V.
    fn products<S: Lanes, V: Simd>(simd: V, rows: usize, depth: usize, columns: usize) -> Vec<S> {
        let number = |i: usize| S::from_f64(libm::sin(i as f64 + 0.5));
        let a: Vec<S> = (0..rows * depth).map(number).collect();
        let mut b = Panels::default();
        b.pack(&(0..depth * columns).map(number).collect::<Vec<S>>(), columns);
        let bias: Vec<S> = (0..columns).map(number).collect();
        let mut c = vec![S::from_f64(f64::NAN); 2 * rows * columns];
        let (upper, lower) = c.split_at_mut(rows * columns);
        Product { a: &a, b: &b, bias: Some(&bias), c: upper }.with_simd(simd);
        ProductOfTransposed { a: &a, rows, b: &b, c: lower }.with_simd(simd);
        c
    }

    fn check<S: Lanes>(rows: usize, depth: usize, columns: usize) {
        let expected = products::<S, _>(Scalar, rows, depth, columns);
        assert!(expected.iter().all(|number| number.is_finite()), "everything is written");
        assert_eq!(products::<S, _>(Scalar128b, rows, depth, columns), expected, "{rows} × {depth} × {columns}");
        assert_eq!(products::<S, _>(Scalar256b, rows, depth, columns), expected, "{rows} × {depth} × {columns}");
        assert_eq!(products::<S, _>(Scalar512b, rows, depth, columns), expected, "{rows} × {depth} × {columns}");
    }

    #[test]
    fn vectors_of_any_width_give_the_same_bits() {
        for (rows, depth, columns) in [(1, 1, 1), (7, 3, 16), (8, 5, 17), (33, 9, 41)] {
            check::<f32>(rows, depth, columns);
            check::<f64>(rows, depth, columns);
        }
    }
}
