//! Plain SVG: two axes, lines, dots and words. No library, so the files are small and the same for the same numbers.

use std::fmt::Write;

const WIDTH: f64 = 840.0;
const HEIGHT: f64 = 440.0;
const LEFT: f64 = 130.0;
const RIGHT: f64 = 210.0;
const TOP: f64 = 44.0;
const BOTTOM: f64 = 62.0;

/// Colours that the colour-blind tell apart (Okabe and Ito).
const COLOURS: [&str; 7] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"];

/// One axis.
#[derive(Debug, Clone)]
pub(super) struct Axis {
    label: String,
    low: f64,
    high: f64,
    logarithmic: bool,
}

impl Axis {
    /// A logarithmic axis of whole decades around these values.
    pub(super) fn decades(label: &str, values: impl Iterator<Item = f64>) -> Self {
        let (low, high) = range(values.filter(|value| *value > 0.0), (1.0, 10.0));
        let (low, high) = (10_f64.powf(low.log10().floor()), 10_f64.powf(high.log10().ceil()));
        Self { label: label.to_owned(), low, high: if high > low { high } else { low * 10.0 }, logarithmic: true }
    }

    /// An even axis around these values, in steps.
    pub(super) fn even(label: &str, values: impl Iterator<Item = f64>, step: f64) -> Self {
        let (low, high) = range(values, (0.0, step));
        let (low, high) = ((low / step).floor() * step, (high / step).ceil() * step);
        Self { label: label.to_owned(), low, high: if high > low { high } else { low + step }, logarithmic: false }
    }

    /// Where a value lies, from 0 to 1; what is outside is put on the edge.
    fn share(&self, value: f64) -> f64 {
        let at = if self.logarithmic {
            (value.max(self.low).log10() - self.low.log10()) / (self.high.log10() - self.low.log10())
        } else {
            (value - self.low) / (self.high - self.low)
        };
        at.clamp(0.0, 1.0)
    }

    fn ticks(&self) -> Vec<f64> {
        if self.logarithmic {
            let (first, last) = (self.low.log10().round() as i32, self.high.log10().round() as i32);
            return (first..=last).map(|decade| 10_f64.powi(decade)).collect();
        }
        let span = self.high - self.low;
        let step =
            [0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0].into_iter().find(|step| span / step <= 8.0).unwrap_or(span / 8.0);
        (0..=(span / step + 1e-9) as i32).map(|number| self.low + f64::from(number) * step).collect()
    }
}

fn range(values: impl Iterator<Item = f64>, none: (f64, f64)) -> (f64, f64) {
    values
        .fold(None, |found: Option<(f64, f64)>, value| {
            Some(found.map_or((value, value), |(low, high)| (low.min(value), high.max(value))))
        })
        .unwrap_or(none)
}

/// What is drawn of one name.
#[derive(Debug, Clone)]
pub(super) struct Series {
    pub(super) name: String,
    /// In the values of the axes.
    pub(super) points: Vec<(f64, f64)>,
    /// Dots, or a line.
    pub(super) dots: bool,
    /// A line of dashes.
    pub(super) dashed: bool,
    /// Series of one number have one colour.
    pub(super) colour: usize,
}

/// A picture in the making.
pub(super) struct Chart {
    x: Axis,
    y: Axis,
    svg: String,
    legend: usize,
}

impl Chart {
    /// Axes and title. `rows` names the places of an even y axis instead of numbers.
    pub(super) fn new(title: &str, x: Axis, y: Axis, rows: Option<&[String]>) -> Self {
        let mut chart = Self { x, y, svg: String::new(), legend: 0 };
        chart.frame(title, rows);
        chart
    }

    fn place(&self, (x, y): (f64, f64)) -> (f64, f64) {
        (LEFT + self.x.share(x) * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - self.y.share(y) * (HEIGHT - TOP - BOTTOM))
    }

    fn frame(&mut self, title: &str, rows: Option<&[String]>) {
        let (right, bottom) = (WIDTH - RIGHT, HEIGHT - BOTTOM);
        self.put(format_args!("<rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#ffffff\"/>"));
        self.text(LEFT, 24.0, "start", 15.0, title);
        for tick in self.x.ticks() {
            let (x, _) = self.place((tick, self.y.low));
            self.put(format_args!("<path d=\"M{x:.1} {TOP}V{bottom}\" stroke=\"#dddddd\"/>"));
            self.text(x, bottom + 18.0, "middle", 12.0, &spelled(tick));
        }
        let marks: Vec<(f64, String)> = match rows {
            Some(names) => names.iter().enumerate().map(|(at, name)| (at as f64, name.clone())).collect(),
            None => self.y.ticks().into_iter().map(|tick| (tick, spelled(tick))).collect(),
        };
        for (tick, name) in marks {
            let (_, y) = self.place((self.x.low, tick));
            self.put(format_args!("<path d=\"M{LEFT} {y:.1}H{right}\" stroke=\"#dddddd\"/>"));
            self.text(LEFT - 8.0, y + 4.0, "end", 12.0, &name);
        }
        let (x_label, y_label) = (self.x.label.clone(), self.y.label.clone());
        self.text((LEFT + right) / 2.0, HEIGHT - 18.0, "middle", 13.0, &x_label);
        let middle = (TOP + bottom) / 2.0;
        self.put(format_args!(
            "<text x=\"60\" y=\"{middle}\" font-size=\"13\" text-anchor=\"middle\" transform=\"rotate(-90 60 {middle})\">{}</text>",
            escaped(&y_label)
        ));
        self.put(format_args!("<path d=\"M{LEFT} {TOP}V{bottom}H{right}\" fill=\"none\" stroke=\"#333333\"/>"));
    }

    /// Draws a series and names it beside the picture.
    pub(super) fn draw(&mut self, series: &Series) {
        let colour = COLOURS[series.colour % COLOURS.len()];
        let y = TOP + 14.0 + 20.0 * self.legend as f64;
        let x = WIDTH - RIGHT + 14.0;
        self.legend += 1;
        let dash = if series.dashed { " stroke-dasharray=\"6 4\"" } else { "" };
        let places: Vec<(f64, f64)> = series.points.iter().map(|point| self.place(*point)).collect();
        if series.dots {
            for (x, y) in places {
                self.put(format_args!(
                    "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4.5\" fill=\"{colour}\" fill-opacity=\"0.75\"/>"
                ));
            }
            self.put(format_args!("<circle cx=\"{}\" cy=\"{y}\" r=\"4.5\" fill=\"{colour}\"/>", x + 10.0));
        } else {
            let path: Vec<String> = places.iter().map(|(x, y)| format!("{x:.1} {y:.1}")).collect();
            self.put(format_args!(
                "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"{dash}/>",
                path.join(" ")
            ));
            self.put(format_args!("<path d=\"M{x} {y}h20\" stroke=\"{colour}\" stroke-width=\"2\"{dash}/>"));
        }
        self.text(x + 26.0, y + 4.0, "start", 12.0, &series.name);
    }

    fn text(&mut self, x: f64, y: f64, anchor: &str, size: f64, words: &str) {
        let words = escaped(words);
        self.put(format_args!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" font-size=\"{size}\" text-anchor=\"{anchor}\">{words}</text>"
        ));
    }

    fn put(&mut self, element: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.svg, "{element}");
    }

    /// The file.
    pub(super) fn svg(self) -> String {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"sans-serif\" \
             fill=\"#222222\">\n{}</svg>\n",
            self.svg
        )
    }
}

fn escaped(words: &str) -> String {
    words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A number at an axis: `0.01`, `5`, `10k`.
fn spelled(number: f64) -> String {
    if number >= 10_000.0 {
        return format!("{}k", (number / 1_000.0).round());
    }
    let text = format!("{number:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A staircase through points that hold until the next one.
pub(super) fn stairs(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut path: Vec<(f64, f64)> = Vec::new();
    for (x, y) in points {
        if let Some((_, before)) = path.last() {
            path.push((*x, *before));
        }
        path.push((*x, *y));
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_hold_their_values() {
        let axis = Axis::decades("ms", [3.0, 450.0, 0.0].into_iter());
        assert_eq!((axis.low, axis.high), (1.0, 1_000.0));
        assert_eq!(axis.ticks(), [1.0, 10.0, 100.0, 1_000.0]);
        assert!((axis.share(31.622_776_6) - 0.5).abs() < 1e-6 && axis.share(0.0) == 0.0 && axis.share(1e9) == 1.0);
        let even = Axis::even("%", [93.2, 100.0].into_iter(), 1.0);
        assert_eq!((even.low, even.high, even.ticks().len()), (93.0, 100.0, 8));
        let odd = Axis::even("%", [91.0, 100.0].into_iter(), 1.0);
        assert_eq!(odd.ticks(), [91.0, 93.0, 95.0, 97.0, 99.0]);
    }

    #[test]
    fn nothing_to_draw_is_still_a_picture() {
        let axis = || Axis::decades("none", std::iter::empty());
        let mut chart = Chart::new("a < b & c", axis(), axis(), None);
        chart.draw(&Series { name: "x".into(), points: vec![], dots: false, dashed: true, colour: 9 });
        let svg = chart.svg();
        assert!(svg.contains("a &lt; b &amp; c") && svg.ends_with("</svg>\n") && !svg.contains("NaN"), "{svg}");
    }

    #[test]
    fn stairs_hold_until_the_next_step() {
        assert_eq!(stairs(&[(1.0, 5.0), (3.0, 2.0)]), [(1.0, 5.0), (3.0, 5.0), (3.0, 2.0)]);
    }
}
