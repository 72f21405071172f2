//! Each layer alone: by hand, against a plain transcription of its definition, and against the slopes of central
//! differences.

use ndarray::{Array1, ArrayView1, ArrayView2, ArrayViewMut2};

use super::super::layer::{Layer, Operation, Shape, Workspace};
use super::draws;

const SOBEL: [f64; 9] = [1.0, 0.0, -1.0, 2.0, 0.0, -2.0, 1.0, 0.0, -1.0];

/// A batch of so many samples.
fn batch(samples: usize, numbers: &[f64]) -> ArrayView2<'_, f64> {
    ArrayView2::from_shape((samples, numbers.len() / samples), numbers).unwrap()
}

fn batch_mut(samples: usize, numbers: &mut [f64]) -> ArrayViewMut2<'_, f64> {
    ArrayViewMut2::from_shape((samples, numbers.len() / samples), numbers).unwrap()
}

fn forward(layer: &dyn Operation<f64>, params: &[f64], input: &[f64], samples: usize) -> Vec<f64> {
    let mut output = vec![f64::NAN; samples * layer.output().size()];
    let (input, into) = (batch(samples, input), batch_mut(samples, &mut output));
    layer.forward(params.into(), input, into, &mut Workspace::default());
    output
}

/// The gradients by parameters and by input.
fn backward(layer: &dyn Operation<f64>, params: &[f64], input: &[f64], grad_output: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let samples = grad_output.len() / layer.output().size();
    let params = ArrayView1::from(params);
    let (input, grad_output) = (batch(samples, input), batch(samples, grad_output));
    let by = |grad_input: Option<&mut [f64]>| {
        let mut grad_params = Array1::from_elem(params.len(), f64::NAN);
        let grad_input = grad_input.map(|numbers| batch_mut(samples, numbers));
        layer.backward(params, input, grad_output, grad_params.view_mut(), grad_input, &mut Workspace::default());
        grad_params.to_vec()
    };
    let mut grad_input = vec![f64::NAN; input.len()];
    let grad_params = by(Some(&mut grad_input));
    assert_eq!(by(None), grad_params, "the gradient by the input is for itself");
    (grad_params, grad_input)
}

#[test]
fn a_convolution_by_hand() {
    let layer = Layer::Convolution { channels: 1, kernel: 3 }.on::<f64>(Shape::image(3, 3, 1));
    let picture: Vec<f64> = (1..=9).map(f64::from).collect();
    let theta: Vec<f64> = SOBEL.into_iter().chain([10.0]).collect();
    // Sums of left neighbours less right ones, the own line twice, upon the bias of 10; zeros outside.
    assert_eq!(forward(&*layer, &theta, &picture, 1), [1.0, 4.0, 19.0, -10.0, 2.0, 30.0, -11.0, 4.0, 31.0]);
    // The upper right corner alone: its patch is 0 0 0, 2 3 0, 5 6 0, and those pixels have the slopes of the weights
    // there.
    let mut grad_output = [0.0; 9];
    grad_output[2] = 1.0;
    let (gradient, grad_input) = backward(&*layer, &theta, &picture, &grad_output);
    assert_eq!(gradient, [0.0, 0.0, 0.0, 2.0, 3.0, 0.0, 5.0, 6.0, 0.0, 1.0]);
    assert_eq!(grad_input, [0.0, 2.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0]);
}

/// The definition, one sum at a time.
fn convolve(theta: &[f64], inputs: &[f64], shape: Shape, channels: usize, kernel: usize) -> Vec<f64> {
    let Shape { height, width, channels: depth } = shape;
    let biases = &theta[kernel * kernel * depth * channels..];
    let mut outputs = Vec::new();
    for picture in inputs.chunks_exact(shape.size()) {
        for index in 0..height * width * channels {
            let (y, x, channel) = (index / channels / width, index / channels % width, index % channels);
            let mut sum = biases[channel];
            for weight in 0..kernel * kernel * depth {
                let (line, column, of) = (weight / depth / kernel, weight / depth % kernel, weight % depth);
                let (line, column) = ((y + line).wrapping_sub(kernel / 2), (x + column).wrapping_sub(kernel / 2));
                if line < height && column < width {
                    sum += picture[(line * width + column) * depth + of] * theta[weight * channels + channel];
                }
            }
            outputs.push(sum);
        }
    }
    outputs
}

#[test]
fn convolutions_are_as_defined_for_all_sizes() {
    let mut seen = 0;
    // The last two are more than is laid out at once: 42 pictures of 6 pixels, one of 289.
    for (height, width, depth, channels, kernel, rows) in [
        (1, 1, 1, 1, 1, 1),
        (3, 4, 2, 5, 3, 2),
        (5, 2, 3, 17, 5, 3),
        (4, 4, 1, 2, 7, 2),
        (2, 3, 2, 3, 3, 100),
        (17, 17, 1, 3, 3, 2),
    ] {
        let shape = Shape::image(height, width, depth);
        let layer = Layer::Convolution { channels, kernel }.on::<f64>(shape);
        let (theta, inputs) = (draws("theta", layer.affine().parameters()), draws("inputs", rows * shape.size()));
        let expected = convolve(&theta, &inputs, shape, channels, kernel);
        let found = forward(&*layer, &theta, &inputs, rows);
        assert_eq!((layer.output(), found.len()), (Shape::image(height, width, channels), expected.len()));
        for (found, expected) in found.iter().zip(&expected) {
            assert!((found - expected).abs() < 1e-12, "{shape:?}: {found} {expected}");
            seen += 1;
        }
    }
    assert_eq!(seen, 1 + 120 + 510 + 64 + 1800 + 1734);
}

#[test]
fn a_pool_by_hand() {
    let layer = Layer::MaxPool.on::<f64>(Shape::image(3, 5, 1));
    assert_eq!(layer.output(), Shape::image(1, 2, 1));
    let picture = [1.0, 5.0, 5.0, 2.0, 9.0, 5.0, 5.0, -1.0, -2.0, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0];
    assert_eq!(forward(&*layer, &[], &picture, 1), [5.0, 5.0], "the odd column and line count for nothing");
    let (_, grad_input) = backward(&*layer, &[], &picture, &[2.0, 3.0]);
    let mut expected = [0.0; 15];
    (expected[1], expected[2]) = (2.0, 3.0);
    assert_eq!(grad_input, expected, "of equals the first has the gradient");
}

#[test]
fn nothing_hides_nan() {
    let pool = Layer::MaxPool.on::<f64>(Shape::image(2, 2, 1));
    for place in 0..4 {
        let mut square = [1.0, -2.0, f64::INFINITY, 3.0];
        square[place] = f64::NAN;
        assert!(forward(&*pool, &[], &square, 1)[0].is_nan(), "{place}");
    }
    assert!(forward(&*Layer::Relu.on::<f64>(Shape::vector(1)), &[], &[f64::NAN], 1)[0].is_nan());
}

#[test]
fn relu_by_hand() {
    let layer = Layer::Relu.on::<f64>(Shape::vector(4));
    let inputs = [-1.0, 0.0, 2.0, 1e-300];
    assert_eq!(forward(&*layer, &[], &inputs, 1), [0.0, 0.0, 2.0, 1e-300]);
    assert_eq!(backward(&*layer, &[], &inputs, &[5.0, 6.0, 7.0, 8.0]).1, [0.0, 0.0, 7.0, 8.0]);
}

/// Compares the gradients of Σ c·output, for random c, with slopes. Gives how many slopes were compared.
fn check_slopes(layer: Layer, shape: Shape, rows: usize) -> usize {
    let ready = layer.on::<f64>(shape);
    let (mut theta, mut inputs) = (draws("theta", ready.affine().parameters()), draws("inputs", rows * shape.size()));
    let c = draws("coefficients", rows * ready.output().size());
    let (gradient, grad_input) = backward(&*ready, &theta, &inputs, &c);
    let value = |theta: &[f64], inputs: &[f64]| -> f64 {
        forward(&*ready, theta, inputs, rows).iter().zip(&c).map(|(output, c)| output * c).sum()
    };
    // All layers are linear but for kinks, so that only rounding is left; no draw is so near a kink that this h crosses
    // it, because then a slope would lie between two gradients.
    let h = 1e-5;
    for index in 0..theta.len() {
        let here = theta[index];
        let [high, low] = [here + h, here - h].map(|x| {
            theta[index] = x;
            value(&theta, &inputs)
        });
        theta[index] = here;
        let slope = (high - low) / (2.0 * h);
        assert!((slope - gradient[index]).abs() < 1e-7, "{layer:?}, parameter {index}: {slope} {}", gradient[index]);
    }
    for index in 0..inputs.len() {
        let here = inputs[index];
        let [high, low] = [here + h, here - h].map(|x| {
            inputs[index] = x;
            value(&theta, &inputs)
        });
        inputs[index] = here;
        let slope = (high - low) / (2.0 * h);
        assert!((slope - grad_input[index]).abs() < 1e-7, "{layer:?}, input {index}: {slope} {}", grad_input[index]);
    }
    theta.len() + inputs.len()
}

#[test]
fn the_gradient_of_each_layer_is_its_slope() {
    let convolution = |channels, kernel| Layer::Convolution { channels, kernel };
    assert_eq!(check_slopes(Layer::Dense(5), Shape::vector(7), 3), 7 * 5 + 5 + 21);
    assert_eq!(check_slopes(Layer::Dense(20), Shape::image(2, 3, 2), 2), 12 * 20 + 20 + 24);
    assert_eq!(check_slopes(Layer::Relu, Shape::image(3, 2, 4), 2), 48);
    assert_eq!(check_slopes(Layer::MaxPool, Shape::image(5, 6, 3), 3), 270);
    assert_eq!(check_slopes(convolution(4, 3), Shape::image(4, 5, 3), 2), 27 * 4 + 4 + 120);
    assert_eq!(check_slopes(convolution(2, 5), Shape::image(3, 3, 2), 2), 50 * 2 + 2 + 36);
    assert_eq!(check_slopes(convolution(3, 1), Shape::image(2, 2, 2), 2), 6 + 3 + 16);
    // Four pictures of 81 pixels are laid out in two parts.
    assert_eq!(check_slopes(convolution(2, 3), Shape::image(9, 9, 1), 4), 18 + 2 + 324);
}
