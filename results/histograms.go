package results

import (
	"fmt"
	"os"
	"path/filepath"

	hdr "github.com/HdrHistogram/hdrhistogram-go"
)

// Histograms reads from the interval log of run id in dir the latencies of the
// measured window, in ns and without negative ones. One is nil where nothing of
// its kind was measured. The error wraps fs.ErrNotExist or ErrDamaged.
func Histograms(dir, id string) (responses, services *hdr.PackedHistogram, err error) {
	path := filepath.Join(dir, id+".hlog")
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	l, err := readLog(f)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	return l.measured.h[response], l.measured.h[service], nil
}
