package results

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	hdr "github.com/HdrHistogram/hdrhistogram-go"
)

// Distributions are the histograms of a run over what was measured, in ns,
// values below zero left out. One is nil where nothing was recorded.
type Distributions struct{ Response, Service, Lag *hdr.PackedHistogram }

// ReadDistributions merges the intervals of dir/<id>.hlog. It fails with
// fs.ErrNotExist or ErrDamaged.
func ReadDistributions(dir, id string) (Distributions, error) {
	path := filepath.Join(dir, filepath.Base(id)+".hlog")
	text, err := os.ReadFile(path)
	if err != nil {
		return Distributions{}, err
	}
	log, err := readLog(bytes.NewReader(text))
	if err != nil {
		return Distributions{}, fmt.Errorf("%s: %w", path, err)
	}
	h := log.measured.h
	return Distributions{Response: h[response], Service: h[service], Lag: h[lag]}, nil
}
