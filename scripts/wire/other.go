//go:build !linux

package wire

import (
	"errors"
	"io"
)

var errSystem = errors.New("the plain client and server need Linux")

func (Load) run() (Figures, error)      { return Figures{}, errSystem }
func (Echo) run(stdout io.Writer) error { return errSystem }
