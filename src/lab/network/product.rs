//! The product of small matrices, with one order of sums.
//!
//! Each element of the result is a chain of fused multiply-adds over k from first to last, whatever the blocking: so
//! blocks can be chosen for speed and never change a bit. Sums are kept in vector registers, whose lanes hold different
//! elements, so that no sum is split over lanes. That holds for vectors of any width, so pulp may choose the width by
//! the processor; a fused multiply-add rounds once, by hardware as by software.

use std::array::from_fn;

use ndarray::{ArrayView2, ArrayViewMut2, Axis};
use pulp::{Arch, Simd, WithSimd};

use super::lanes::Lanes;

/// Columns of a panel: one f32 register of AVX-512, two of AVX2.
const COLUMNS: usize = 16;

/// A row of a panel, aligned so that no vector spans two cache lines.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
struct Line<S>([S; COLUMNS]);

impl<S: Lanes> Line<S> {
    /// Copies the first numbers; fills the line up with zeros where there are too few.
    #[inline(always)]
    fn load(numbers: &[S]) -> Self {
        Line(numbers.first_chunk().copied().unwrap_or_else(|| from_fn(|j| numbers.get(j).copied().unwrap_or_default())))
    }

    /// Writes as many numbers as there is room for.
    #[inline(always)]
    fn store(&self, numbers: &mut [S]) {
        match numbers.first_chunk_mut() {
            Some(whole) => *whole = self.0,
            None => numbers.copy_from_slice(&self.0[..numbers.len()]),
        }
    }
}

/// Memory for the right matrix of a product, cut into panels of [`COLUMNS`] columns; zeros fill up the last panel.
#[derive(Debug, Clone, Default)]
pub(super) struct Panels<S>(Vec<Line<S>>);

impl<S: Lanes> Panels<S> {
    /// Makes room for a matrix of this shape.
    pub(super) fn reserve(&mut self, rows: usize, columns: usize) {
        self.0.clear();
        self.0.reserve(rows * columns.div_ceil(COLUMNS));
    }

    /// Copies a matrix, panel after panel. Allocates only when it is larger than any before.
    fn pack(&mut self, matrix: ArrayView2<'_, S>) {
        self.0.clear();
        for panel in matrix.axis_chunks_iter(Axis(1), COLUMNS) {
            self.0.extend(panel.rows().into_iter().map(|row| match row.to_slice() {
                Some(numbers) => Line::load(numbers),
                None => {
                    let mut line = Line([S::default(); COLUMNS]);
                    line.0.iter_mut().zip(row).for_each(|(to, from)| *to = *from);
                    line
                }
            }));
        }
    }
}

/// Adds `a`·`b` to `c`: shapes `[m, k]` × `[k, n]` → `[m, n]`. The sums start at what `c` holds.
///
/// # Panics
/// When shapes do not fit, `c` is not in row-major order, or neither `a` nor its transpose is.
pub(super) fn add_product<S: Lanes>(
    a: ArrayView2<'_, S>,
    b: ArrayView2<'_, S>,
    c: ArrayViewMut2<'_, S>,
    panels: &mut Panels<S>,
) {
    panels.pack(b);
    Arch::new().dispatch(Product::new(a, b.dim(), c, panels));
}

/// The left matrix, shape `[m, k]`.
#[derive(Clone, Copy)]
enum Left<'a, S> {
    RowMajor(&'a [S]),
    ColumnMajor(&'a [S]),
}

struct Product<'a, S> {
    a: Left<'a, S>,
    panels: &'a [Line<S>],
    c: &'a mut [S],
    /// m, k and n.
    shape: (usize, usize, usize),
}

impl<'a, S: Lanes> Product<'a, S> {
    fn new(a: ArrayView2<'a, S>, b: (usize, usize), c: ArrayViewMut2<'a, S>, panels: &'a Panels<S>) -> Self {
        let (rows, depth) = a.dim();
        assert!(b.0 == depth && c.dim() == (rows, b.1), "{rows} × {depth} by {b:?} gives no {:?}", c.dim());
        let a = match (a.to_slice(), a.reversed_axes().to_slice()) {
            (Some(numbers), _) => Left::RowMajor(numbers),
            (_, Some(numbers)) => Left::ColumnMajor(numbers),
            _ => panic!("the left matrix is in neither row-major nor column-major order"),
        };
        let c = c.into_slice().expect("the result is in row-major order");
        Self { a, panels: &panels.0, c, shape: (rows, depth, b.1) }
    }

    /// Works in tiles of R rows and P panels, each line of which is W vectors.
    #[inline(always)]
    fn by_tiles<V: Simd, const R: usize, const P: usize, const W: usize>(mut self, simd: V) {
        let (_, depth, columns) = self.shape;
        let blocks = self.panels.chunks(P * depth).zip((0..columns).step_by(P * COLUMNS));
        for (panels, first) in blocks {
            if panels.len() == P * depth {
                self.panels::<V, R, P, W>(simd, from_fn(|p| &panels[p * depth..][..depth]), first);
            } else {
                for (panel, first) in panels.chunks_exact(depth).zip((first..).step_by(COLUMNS)) {
                    self.panels::<V, R, 1, W>(simd, [panel], first);
                }
            }
        }
    }

    /// Computes the columns of P panels from `first`.
    #[inline(always)]
    fn panels<V: Simd, const R: usize, const P: usize, const W: usize>(
        &mut self,
        simd: V,
        panels: [&[Line<S>]; P],
        first: usize,
    ) {
        let (rows, ..) = self.shape;
        let whole = rows - rows % R;
        for top in (0..whole).step_by(R) {
            self.tile::<V, R, P, W>(simd, panels, top, first);
        }
        for top in whole..rows {
            self.tile::<V, 1, P, W>(simd, panels, top, first);
        }
    }

    /// Computes the R rows from `top` of these columns.
    #[inline(always)]
    fn tile<V: Simd, const R: usize, const P: usize, const W: usize>(
        &mut self,
        simd: V,
        panels: [&[Line<S>]; P],
        top: usize,
        first: usize,
    ) {
        let (rows, depth, columns) = self.shape;
        let c = &mut self.c[top * columns..][..R * columns];
        let mut lines = [[Line([S::default(); COLUMNS]); P]; R];
        for (row, lines) in c.chunks_exact(columns).zip(&mut lines) {
            for (p, line) in lines.iter_mut().enumerate() {
                *line = Line::load(&row[first + p * COLUMNS..]);
            }
        }
        let lines = match self.a {
            Left::RowMajor(a) => {
                let a: [&[S]; R] = from_fn(|r| &a[(top + r) * depth..][..depth]);
                add_products::<S, V, R, P, W>(simd, (0..depth).map(|k| from_fn(|r| a[r][k])), panels, lines)
            }
            Left::ColumnMajor(a) => {
                let columns = a[top..].chunks(rows).filter_map(|column| column.first_chunk().copied());
                add_products::<S, V, R, P, W>(simd, columns, panels, lines)
            }
        };
        for (row, lines) in c.chunks_exact_mut(columns).zip(&lines) {
            for (p, line) in lines.iter().enumerate() {
                line.store(&mut row[first + p * COLUMNS..]);
            }
        }
    }
}

/// Computes `lines[r][p]` + Σ_k `a`_k\[r\]·`panels[p][k]`.
#[inline(always)]
fn add_products<S: Lanes, V: Simd, const R: usize, const P: usize, const W: usize>(
    simd: V,
    a: impl Iterator<Item = [S; R]>,
    panels: [&[Line<S>]; P],
    mut lines: [[Line<S>; P]; R],
) -> [[Line<S>; P]; R] {
    let vectors = |line: &Line<S>| -> [S::Vector<V>; W] { from_fn(|w| S::vectors::<V>(&line.0)[w]) };
    let mut sums = lines.map(|lines| lines.map(|line| vectors(&line)));
    for (k, a) in a.enumerate() {
        for p in 0..P {
            let line = vectors(&panels[p][k]);
            for r in 0..R {
                for w in 0..W {
                    sums[r][p][w] = S::add_product(simd, sums[r][p][w], a[r], line[w]);
                }
            }
        }
    }
    for (lines, sums) in lines.iter_mut().zip(&sums) {
        for (line, sums) in lines.iter_mut().zip(sums) {
            S::vectors_mut::<V>(&mut line.0).copy_from_slice(sums);
        }
    }
    lines
}

impl<S: Lanes> WithSimd for Product<'_, S> {
    type Output = ();

    /// Chooses tiles that keep the sums in registers and have enough of them to hide the latency of an addition:
    /// AVX-512 has 32 registers, of which sums take half, AVX2 has 16. Without vectors the compiler makes its own of
    /// the sixteen numbers.
    #[inline(always)]
    fn with_simd<V: Simd>(self, simd: V) {
        match (COLUMNS * size_of::<S>() / size_of::<S::Vector<V>>(), V::REGISTER_COUNT > 16) {
            (1, _) => self.by_tiles::<V, 8, 2, 1>(simd),
            (2, true) => self.by_tiles::<V, 8, 1, 2>(simd),
            (2, false) => self.by_tiles::<V, 4, 1, 2>(simd),
            (4, true) => self.by_tiles::<V, 4, 1, 4>(simd),
            (4, false) => self.by_tiles::<V, 2, 1, 4>(simd),
            (8, _) => self.by_tiles::<V, 2, 1, 8>(simd),
            (_, _) => self.by_tiles::<V, 4, 1, COLUMNS>(simd),
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, ShapeBuilder};
    use pulp::{Scalar, Scalar128b, Scalar256b, Scalar512b};

    use super::*;

    /// Products of a row-major and of a column-major matrix, in vectors of V.
    fn products<S: Lanes, V: Simd>(simd: V, rows: usize, depth: usize, columns: usize) -> [Array2<S>; 2] {
        let number = |i: usize| S::from_f64(libm::sin(i as f64 + 0.5));
        let b = Array2::from_shape_fn((depth, columns), |(k, j)| number(k * columns + j));
        let mut panels = Panels::default();
        panels.pack(b.view());
        [false, true].map(|column_major| {
            let a = Array2::from_shape_fn((rows, depth).set_f(column_major), |(i, k)| number(i * depth + k));
            let mut c = Array2::from_shape_fn((rows, columns), |(_, j)| number(j));
            Product::new(a.view(), b.dim(), c.view_mut(), &panels).with_simd(simd);
            c
        })
    }

    fn check<S: Lanes>(rows: usize, depth: usize, columns: usize) {
        let [expected, transposed] = products::<S, _>(Scalar, rows, depth, columns);
        assert_eq!(expected, transposed, "{rows} × {depth} × {columns}");
        let expected = [expected, transposed];
        assert_eq!(products::<S, _>(Scalar128b, rows, depth, columns), expected, "{rows} × {depth} × {columns}");
        assert_eq!(products::<S, _>(Scalar256b, rows, depth, columns), expected, "{rows} × {depth} × {columns}");
        assert_eq!(products::<S, _>(Scalar512b, rows, depth, columns), expected, "{rows} × {depth} × {columns}");
    }

    #[test]
    fn vectors_of_any_width_give_the_same_bits() {
        for (rows, depth, columns) in [(1, 1, 1), (7, 3, 16), (8, 5, 17), (33, 9, 41), (9, 4, 64)] {
            check::<f32>(rows, depth, columns);
            check::<f64>(rows, depth, columns);
        }
    }
}
