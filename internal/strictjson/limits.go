package strictjson

// Limits bound what is read. Zero fields mean the defaults.
type Limits struct {
	Depth  int // objects and arrays within each other; 0: 32
	Length int // elements of an array, members of an object; 0: 1,000
	Values int // values in all, at every depth; 0: 100,000
}

func (l Limits) orDefault() Limits {
	if l.Depth == 0 {
		l.Depth = 32
	}
	if l.Length == 0 {
		l.Length = 1000
	}
	if l.Values == 0 {
		l.Values = 100_000
	}
	return l
}

// maxProblems is how many problems are told at once: a body may hold more of
// them than anybody wants to read.
const maxProblems = 100
