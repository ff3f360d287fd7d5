package results

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	hdr "github.com/HdrHistogram/hdrhistogram-go"
)

// ErrDamaged means that an interval log is not one, or not as it was written.
// A last line that was cut off is no damage.
var ErrDamaged = errors.New("results: damaged interval log")

// longestLine bounds a line: a full histogram takes some tens of KiB.
const longestLine = 4 << 20

// logged is what an interval log holds of the intervals that were closed.
type logged struct {
	points   []Point
	last     closing
	measured sums // its histograms
	warmup   sums
	course   batches // of what was measured, by time
}

// readLog reads until the log ends. An interval that was not closed is as if
// it had not been written.
func readLog(from io.Reader) (*logged, error) {
	l := &logged{}
	in := bufio.NewReaderSize(from, 1<<16)
	var open []*entry
	for no := 1; ; no++ {
		line, whole, err := nextLine(in)
		if err != nil {
			return nil, fmt.Errorf("%w: line %d: %w", ErrDamaged, no, err)
		}
		if !whole {
			return l, nil
		}
		switch {
		case bytes.HasPrefix(line, []byte(closingMark)):
			if err := l.close(line, open); err != nil {
				return nil, fmt.Errorf("%w: line %d: %w", ErrDamaged, no, err)
			}
			open = open[:0]
		case bytes.HasPrefix(line, []byte("#")), bytes.HasPrefix(line, []byte("\"")), len(line) == 0:
		default:
			e, err := parseEntry(string(line))
			if err != nil {
				return nil, fmt.Errorf("%w: line %d: %w", ErrDamaged, no, err)
			}
			open = append(open, e)
		}
	}
}

// nextLine gives a line without its end; whole is false at the end of the log,
// where a line may have been cut off.
func nextLine(in *bufio.Reader) (line []byte, whole bool, err error) {
	for {
		part, err := in.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case err == nil:
			return bytes.TrimRight(line, "\r\n"), true, nil
		case errors.Is(err, io.EOF):
			return nil, false, nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, false, err
		case len(line) > longestLine:
			return nil, false, fmt.Errorf("it is longer than %d bytes", longestLine)
		}
	}
}

// entry is one distribution of one interval.
type entry struct {
	tag string
	h   *hdr.PackedHistogram
}

// parseEntry reads "Tag=response,0.000,1.000,2.500,HISTF…".
func parseEntry(line string) (*entry, error) {
	fields := strings.Split(line, ",")
	if len(fields) != 5 || !strings.HasPrefix(fields[0], "Tag=") {
		return nil, errors.New("it is no tagged interval of five fields")
	}
	h, err := hdr.DecodePacked([]byte(fields[4]))
	if err != nil {
		return nil, err
	}
	if h.LowestTrackableValue() != 1 || h.HighestTrackableValue() != longestNS || h.SignificantFigures() != digits {
		return nil, errors.New("its histogram has another range than 1 ns to 1 h, 3 digits")
	}
	return &entry{tag: strings.TrimPrefix(fields[0], "Tag="), h: h}, nil
}

// close ends an interval that consists of open. Tags that are not known belong
// to somebody else.
func (l *logged) close(line []byte, open []*entry) error {
	text := bytes.TrimSuffix(bytes.TrimPrefix(line, []byte(closingMark)), []byte("]"))
	var c closing
	if err := json.Unmarshal(text, &c); err != nil {
		return err
	}
	s := &sums{}
	for _, e := range open {
		for kind := range kindNames {
			switch e.tag {
			case logTag(kind, true):
				s.need(kind).Merge(e.h)
			case logTag(kind, false):
				l.warmup.need(kind).Merge(e.h)
			}
		}
	}
	l.measured.add(s)
	l.course.push(s)
	l.points = append(l.points, c.Point)
	l.last = c
	return nil
}
