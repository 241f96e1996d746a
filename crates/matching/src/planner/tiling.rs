//! Tiles: groups of volunteers who live near each other, and where the places between them belong.
//!
//! The country is halved again and again across its longer side until every piece has few enough people. Another turn of the
//! axes gives other seams.

use crate::problem::Problem;

/// Degrees by which the axes of one tiling are turned against those of the one before.
const TURN_DEGREES: f64 = 35.0;

/// One way to divide the volunteers.
pub(super) struct Tiling {
    /// Volunteers of each tile, ascending.
    pub(super) tiles: Vec<Vec<u32>>,
    root: Node,
    turn: Turn,
}

/// Coordinates along turned axes, in degrees of latitude.
#[derive(Clone, Copy)]
struct Turn {
    sin: f64,
    cos: f64,
    squeeze: f64,
}

enum Node {
    Tile(usize),
    Cut { axis: usize, at: f64, below: Box<Node>, above: Box<Node> },
}

impl Tiling {
    /// Divides these volunteers into so many tiles; `number` tells one tiling from another.
    pub(super) fn new(problem: &Problem, volunteers: &[u32], tiles: usize, number: usize) -> Self {
        let homes = |&volunteer: &u32| problem.volunteers.home_point[volunteer as usize];
        let known: Vec<_> = volunteers.iter().filter_map(homes).collect();
        let count = known.len().max(1) as f64;
        let middle = (
            known.iter().map(|point| point.lat).sum::<f64>() / count,
            known.iter().map(|point| point.lon).sum::<f64>() / count,
        );
        let angle = (number as f64 * TURN_DEGREES).to_radians();
        let turn = Turn { sin: angle.sin(), cos: angle.cos(), squeeze: middle.0.to_radians().cos() };
        let mut points: Vec<([f64; 2], u32)> = volunteers
            .iter()
            .map(|volunteer| {
                // Who has no home takes calls only, and can be anywhere.
                let (lat, lon) = homes(volunteer).map_or(middle, |point| (point.lat, point.lon));
                (turn.of(lat, lon), *volunteer)
            })
            .collect();
        let mut tiling = Self { tiles: Vec::new(), root: Node::Tile(0), turn };
        tiling.root = tiling.halve(&mut points, tiles.clamp(1, volunteers.len().max(1)), number);
        tiling
    }

    fn halve(&mut self, points: &mut [([f64; 2], u32)], tiles: usize, number: usize) -> Node {
        if tiles <= 1 || points.len() <= 1 {
            let mut volunteers: Vec<u32> = points.iter().map(|(_, volunteer)| *volunteer).collect();
            volunteers.sort_unstable();
            self.tiles.push(volunteers);
            return Node::Tile(self.tiles.len() - 1);
        }
        let width = |axis: usize| {
            let along = || points.iter().map(|(point, _)| point[axis]);
            along().fold(f64::MIN, f64::max) - along().fold(f64::MAX, f64::min)
        };
        let axis = usize::from(width(1) > width(0));
        points.sort_unstable_by(|a, b| a.0[axis].total_cmp(&b.0[axis]).then(a.1.cmp(&b.1)));
        // An odd number of tiles is halved on the other side by the next tiling.
        let first = if number.is_multiple_of(2) { tiles / 2 } else { tiles.div_ceil(2) };
        let cut = points.len() * first / tiles;
        let at = points[cut].0[axis];
        let (below, above) = points.split_at_mut(cut);
        let below = Box::new(self.halve(below, first, number));
        let above = Box::new(self.halve(above, tiles - first, number));
        Node::Cut { axis, at, below, above }
    }

    /// The tile a place belongs to.
    pub(super) fn tile_at(&self, lat: f64, lon: f64) -> usize {
        let point = self.turn.of(lat, lon);
        let mut node = &self.root;
        loop {
            match node {
                Node::Tile(tile) => return *tile,
                Node::Cut { axis, at, below, above } => node = if point[*axis] < *at { below } else { above },
            }
        }
    }
}

impl Turn {
    fn of(self, lat: f64, lon: f64) -> [f64; 2] {
        let east = lon * self.squeeze;
        [lat * self.cos - east * self.sin, lat * self.sin + east * self.cos]
    }
}
