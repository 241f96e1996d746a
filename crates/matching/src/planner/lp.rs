//! One linear program on HiGHS that grows by columns and stays warm. The only file that speaks to the simplex.
//!
//! Nothing that comes back is trusted: callers use duals as prices for bounds of their own, and primal values as hints.
//! Every error ends in `None`, never in a panic.

use std::time::Duration;

use highs::{Col, ColProblem, HighsModelStatus, Model, Row, RowProblem, Sense};

/// A column: its worth, its most, its coefficients.
#[derive(Debug, Clone, Default)]
pub(super) struct Column {
    pub(super) worth: f64,
    pub(super) most: f64,
    pub(super) entries: Vec<(u32, f64)>,
}

/// A program to maximise.
pub(super) struct Lp {
    model: Option<Model>,
    rows: Vec<Row>,
    cols: Vec<Col>,
    /// How long HiGHS has run on this program: its time limit counts from the beginning.
    spent: Duration,
}

/// What HiGHS says.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    /// Values of the columns.
    pub(super) values: Vec<f64>,
    /// Duals of the rows.
    pub(super) duals: Vec<f64>,
    /// What the values are worth.
    pub(super) points: f64,
}

impl Lp {
    /// A program with rows `lower <= row <= upper` and first columns.
    pub(super) fn new(rows: &[(f64, f64)], columns: &[Column], seed: u64) -> Option<Self> {
        let mut problem = ColProblem::new();
        let rows: Vec<Row> = rows.iter().map(|&(lower, upper)| problem.add_row(lower..=upper)).collect();
        for column in columns {
            problem.add_column(
                column.worth,
                0.0..=column.most,
                column.entries.iter().map(|&(row, by)| (rows[row as usize], by)),
            );
        }
        let mut model = problem.try_optimise(Sense::Maximise).ok()?;
        model.try_set_option("threads", 1).ok()?;
        model.try_set_option("parallel", "off").ok()?;
        model.try_set_option("solver", "simplex").ok()?;
        model.try_set_option("random_seed", (seed % 1_000_000) as i32).ok()?;
        let mut lp = Self { model: Some(model), rows, cols: Vec::new(), spent: Duration::ZERO };
        lp.number(columns.len());
        Some(lp)
    }

    /// Hands out the handles of columns up to `count`: the crate only gives them to those who add columns to a program by
    /// rows, and they are nothing but positions.
    fn number(&mut self, count: usize) {
        let mut by_rows = RowProblem::default();
        self.cols = (0..count).map(|_| by_rows.add_column(0.0, 0.0..=1.0)).collect();
    }

    /// Adds a column.
    pub(super) fn add(&mut self, column: &Column) -> Option<()> {
        let rows = &self.rows;
        let entries: Vec<(Row, f64)> = column.entries.iter().map(|&(row, by)| (rows[row as usize], by)).collect();
        let col = self.model.as_mut()?.try_add_column(column.worth, 0.0..=column.most, entries).ok()?;
        self.cols.push(col);
        Some(())
    }

    /// Adds a row with its bounds over the columns there are; it stands behind all others.
    pub(super) fn add_row(&mut self, bounds: (f64, f64), entries: &[(usize, f64)]) -> Option<()> {
        let cols = &self.cols;
        let factors: Vec<(Col, f64)> = entries.iter().map(|&(column, by)| (cols[column], by)).collect();
        let row = self.model.as_mut()?.try_add_row(bounds.0..=bounds.1, factors).ok()?;
        self.rows.push(row);
        Some(())
    }

    /// Number of rows.
    pub(super) fn row_count(&self) -> usize {
        self.rows.len()
    }

    /// Changes the most of a column.
    pub(super) fn set_most(&mut self, column: usize, most: f64) {
        if let Some(model) = &mut self.model {
            model.change_column_bounds(self.cols[column], 0.0..=most);
        }
    }

    /// Changes the least and the most of a column.
    pub(super) fn set_range(&mut self, column: usize, least: f64, most: f64) {
        if let Some(model) = &mut self.model {
            model.change_column_bounds(self.cols[column], least..=most);
        }
    }

    /// Sets a column to a value.
    pub(super) fn fix(&mut self, column: usize, value: f64) {
        if let Some(model) = &mut self.model {
            model.change_column_bounds(self.cols[column], value..=value);
        }
    }

    /// Changes the worth of a column.
    pub(super) fn set_worth(&mut self, column: usize, worth: f64) {
        if let Some(model) = &mut self.model {
            model.change_column_cost(self.cols[column], worth);
        }
    }

    /// Solves within a limit. `primal` starts the primal simplex, right after columns were added.
    pub(super) fn solve(&mut self, limit: Duration, primal: bool, elapsed: &dyn Fn() -> Duration) -> Option<Answer> {
        let mut model = self.model.take()?;
        model.try_set_option("time_limit", (self.spent + limit).as_secs_f64()).ok()?;
        model.try_set_option("simplex_strategy", if primal { 4 } else { 1 }).ok()?;
        let began = elapsed();
        let solved = model.try_solve().ok()?;
        self.spent += elapsed().saturating_sub(began);
        let answer = (solved.status() == HighsModelStatus::Optimal).then(|| {
            let solution = solved.get_solution();
            let (values, duals) = (solution.columns().to_vec(), solution.dual_rows().to_vec());
            Answer { values, duals, points: solved.objective_value() }
        });
        self.model = Some(Model::from(solved));
        answer
    }
}
