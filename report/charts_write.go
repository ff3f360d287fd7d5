package report

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// ChartDir is where WriteCharts puts its files, below the given directory.
const ChartDir = "charts"

// pngDPI makes text of 10 points readable without zooming.
const pngDPI = 144

// WriteCharts writes every chart as charts/NAME.svg and charts/NAME.png below
// dir and returns the files written. Without a chart nothing is made.
func WriteCharts(dir string, d *Doc) ([]string, error) {
	charts := d.Charts()
	if len(charts) == 0 {
		return nil, nil
	}
	dir = filepath.Join(dir, ChartDir)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("write charts: %w; choose a directory that can be written", err)
	}
	var files []string
	for _, c := range charts {
		for _, form := range []struct {
			ending string
			write  func(io.Writer) error
		}{{".svg", c.WriteSVG}, {".png", c.WritePNG}} {
			name := filepath.Join(dir, c.Name+form.ending)
			if err := writeFile(name, form.write); err != nil {
				return files, err
			}
			files = append(files, name)
		}
	}
	return files, nil
}

// WriteSVG writes the chart as SVG. Where Liberation Sans is not installed,
// fonts of the same measures take its place.
func (c Chart) WriteSVG(w io.Writer) error {
	canvas := vgsvg.New(pageWidth, c.figure.height())
	c.Draw(draw.New(canvas))
	var b bytes.Buffer
	if _, err := canvas.WriteTo(&b); err != nil {
		return err
	}
	_, err := w.Write(bytes.ReplaceAll(b.Bytes(), []byte("font-family:Liberation Sans"),
		[]byte("font-family:'Liberation Sans',Arial,Helvetica,sans-serif")))
	return err
}

// WritePNG writes the chart as PNG.
func (c Chart) WritePNG(w io.Writer) error {
	canvas := vgimg.NewWith(vgimg.UseWH(pageWidth, c.figure.height()), vgimg.UseDPI(pngDPI))
	c.Draw(draw.New(canvas))
	_, err := vgimg.PngCanvas{Canvas: canvas}.WriteTo(w)
	return err
}
