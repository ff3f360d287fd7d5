package drivers

import (
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strings"
)

// newPayload makes the n bytes that all bodies of a run begin with: "zero",
// "random" (the run's id says which, so that both sides know it) or "file:PATH" (repeated where it is shorter).
func newPayload(kind string, n int, run uint32) ([]byte, error) {
	b := make([]byte, n)
	path, isFile := strings.CutPrefix(kind, "file:")
	switch {
	case kind == "zero", strings.HasPrefix(kind, TemplatePrefix): // which writes each body itself
	case kind == "random":
		var key [32]byte
		binary.LittleEndian.PutUint32(key[:], run)
		rand.NewChaCha8(key).Read(b)
	case isFile:
		return b, fillFromFile(b, path)
	default:
		return nil, fmt.Errorf("payload %q: there are zero, random, file:PATH and template:TEXT", kind)
	}
	return b, nil
}

func fillFromFile(b []byte, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("payload: %w; name a file that can be read", err)
	}
	defer f.Close()
	n, err := io.ReadFull(f, b)
	if err != nil && err != io.ErrUnexpectedEOF && err != io.EOF {
		return fmt.Errorf("payload: %w; name a file that can be read", err)
	}
	if n == 0 && len(b) > 0 {
		return fmt.Errorf("payload file %s is empty; name one with at least one byte", path)
	}
	for n < len(b) {
		n += copy(b[n:], b[:n])
	}
	return nil
}
