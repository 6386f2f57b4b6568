package media

import (
	"image"
	"math"
	"strings"

	"golang.org/x/image/draw"
)

const (
	blurX, blurY = 4, 3 // cosine components across and down
	base83       = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~"
)

// Blurhash returns the few characters that stand for a picture until it is loaded (the BlurHash algorithm, as in the
// Mastodon attachment property "blurhash").
func Blurhash(img image.Image) string {
	b := img.Bounds()
	if b.Dx() > 64 || b.Dy() > 64 {
		small := image.NewNRGBA(image.Rect(0, 0, min(b.Dx(), 64), min(b.Dy(), 64)))
		draw.ApproxBiLinear.Scale(small, small.Rect, img, b, draw.Src, nil)
		img = small
	}
	return blurhash(img, blurX, blurY)
}

// factor is one coefficient of the cosine transform, in linear light.
type factor [3]float64

func blurhash(img image.Image, nx, ny int) string {
	factors := cosines(linear(img), img.Bounds().Dx(), img.Bounds().Dy(), nx, ny)
	greatest := 0.0
	for _, f := range factors[1:] {
		greatest = max(greatest, math.Abs(f[0]), math.Abs(f[1]), math.Abs(f[2]))
	}
	var out strings.Builder
	digits(&out, nx-1+(ny-1)*9, 1)
	scale, step := 1.0, 0
	if len(factors) > 1 {
		step = int(max(0, min(82, math.Floor(greatest*166-0.5))))
		scale = float64(step+1) / 166
	}
	digits(&out, step, 1)
	mean := factors[0]
	digits(&out, gamma(mean[0])<<16|gamma(mean[1])<<8|gamma(mean[2]), 4)
	for _, f := range factors[1:] {
		digits(&out, (quantum(f[0]/scale)*19+quantum(f[1]/scale))*19+quantum(f[2]/scale), 2)
	}
	return out.String()
}

// linear returns the pixels in linear light, row by row.
func linear(img image.Image) []factor {
	b := img.Bounds()
	var light [256]float64
	for i := range light {
		if v := float64(i) / 255; v <= 0.04045 {
			light[i] = v / 12.92
		} else {
			light[i] = math.Pow((v+0.055)/1.055, 2.4)
		}
	}
	pixels := make([]factor, 0, b.Dx()*b.Dy())
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			red, green, blue, _ := img.At(x, y).RGBA()
			pixels = append(pixels, factor{light[red>>8], light[green>>8], light[blue>>8]})
		}
	}
	return pixels
}

// cosines returns the coefficients, those of a row together.
func cosines(pixels []factor, w, h, nx, ny int) []factor {
	factors := make([]factor, 0, nx*ny)
	for j := range ny {
		for i := range nx {
			norm := 2.0
			if i == 0 && j == 0 {
				norm = 1
			}
			var sum factor
			for at, p := range pixels {
				basis := math.Cos(math.Pi*float64(i*(at%w))/float64(w)) * math.Cos(math.Pi*float64(j*(at/w))/float64(h))
				for c := range sum {
					sum[c] += basis * p[c]
				}
			}
			for c := range sum {
				sum[c] *= norm / float64(w*h)
			}
			factors = append(factors, sum)
		}
	}
	return factors
}

// gamma returns linear light as an sRGB value of 0 to 255.
func gamma(v float64) int {
	v = max(0, min(1, v))
	if v <= 0.0031308 {
		return int(v*12.92*255 + 0.5)
	}
	return int((1.055*math.Pow(v, 1/2.4)-0.055)*255 + 0.5)
}

// quantum maps -1 to 1 on 0 to 18, finer around the middle.
func quantum(v float64) int {
	root := math.Copysign(math.Sqrt(math.Abs(v)), v)
	return int(max(0, min(18, math.Floor(root*9+9.5))))
}

// digits writes a number in base 83.
func digits(out *strings.Builder, value, length int) {
	divisor := 1
	for range length - 1 {
		divisor *= 83
	}
	for ; divisor > 0; divisor /= 83 {
		out.WriteByte(base83[value/divisor%83])
	}
}
