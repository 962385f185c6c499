// Package dataset makes the rows that the benchmark runs on, and tells which of
// them each caller may see.
//
// The rows follow from their number alone: the same size gives the same rows
// with the same ids, in every process and on every machine. What a caller sees
// is computed here, in plain Go over slices, and shares no code with any of
// the servers, so that their answers can be judged by it:
//
//	d := dataset.New(100_000)
//	ids := d.Visible(dataset.Mid, dataset.Newest)
//
// There are 1,000 users, 200 teams in three levels (10, 40, 150), and one
// further team for the projects of the second data set. 70 % of the notes are
// in a team, 2 % have a grant (93 % of these to a user, 5 % to a team, 1 % to a
// role, 1 % to a role within a team; a tenth has expired), 2 % are deleted.
package dataset
