package program

import (
	"errors"
	"testing"
)

func TestReadRun(t *testing.T) {
	for document, verdict := range map[string]string{
		`{"schema":"zbench/result/1","runs":[{"verdict":"valid"}]}`:                                                   "valid",
		`{"schema":"zbench/result/1","runs":[{"verdict":"lossy","reasons":[{"verdict":"lossy","detail":"3 lost"}]}]}`: "lossy; lossy: 3 lost",
	} {
		if r, err := ReadRun([]byte(document)); err != nil || Reasons(r) != verdict {
			t.Errorf("%s: %+v, %v", document, r, err)
		}
	}
	for _, document := range []string{"", "{}", `{"schema":"zbench/result/1","runs":[]}`, `{"schema":"zbench/result/9","runs":[{}]}`} {
		if r, err := ReadRun([]byte(document)); !errors.Is(err, ErrResult) {
			t.Errorf("%q: %+v, %v", document, r, err)
		}
	}
}
