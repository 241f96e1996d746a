//! Cuts of many rows: a ring of rows is cut where it is odd and no row has room.

use super::{Odd, Separation};

/// A ring of rows of which each shares a half of a column with the next.
fn ring(rows: usize, slack: f64) -> Separation {
    let odd = |row: usize| {
        let mask = 1 << row | 1 << ((row + rows - 1) % rows);
        Odd {
            row: row as u32,
            most: 1,
            slack: if row == 0 { slack } else { 0.0 },
            is_fractional: true,
            mask: vec![mask],
        }
    };
    Separation { values: vec![0.5; rows], rows: (0..rows).map(odd).collect(), neighbours: vec![Vec::new(); rows] }
}

/// Widths of the broken cuts.
fn widths(ring: &Separation) -> Vec<usize> {
    ring.broken().iter().map(|(_, cut)| cut.rows.len()).collect()
}

#[test]
fn an_odd_ring_without_room_is_cut_however_long_it_is() {
    for rows in [5, 7, 21, 63] {
        let broken = ring(rows, 0.0).broken();
        let [(violation, cut)] = &broken[..] else { panic!("{rows} rows: {} cuts", broken.len()) };
        assert_eq!((*violation, cut.rows.len(), cut.divisor, cut.most), (0.5, rows, 2, rows as i64 / 2), "{rows} rows");
    }
}

#[test]
fn an_even_ring_and_one_with_room_are_not_cut() {
    assert_eq!(widths(&ring(6, 0.0)), [0; 0]);
    assert_eq!(widths(&ring(64, 0.0)), [0; 0]);
    assert_eq!(widths(&ring(21, 0.5)), [0; 0]);
}

#[test]
fn narrow_cuts_come_first_and_rings_side_by_side_are_cut_each() {
    let (mut both, far) = (ring(5, 0.0), ring(7, 0.0));
    both.values.extend(far.values);
    both.neighbours.extend(far.neighbours);
    let moved = |mut odd: Odd| {
        odd.row += 5;
        odd.mask[0] <<= 5;
        odd
    };
    both.rows.extend(far.rows.into_iter().map(moved));
    assert_eq!(widths(&both), [5, 7]);
}
