# The program alone, as a user without rights. It needs a PostgreSQL, 15 or
# newer, named by KABAR_DATABASE_URL, and keeps its pictures in /data.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
# With .git, so that the program knows its version.
COPY . .
RUN CGO_ENABLED=0 go build -tags nodynamic -trimpath -buildvcs=auto -ldflags='-s -w' -o /kabar ./cmd/kabar && mkdir /data

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /kabar /kabar
COPY --from=build --chown=65532:65532 /data /data
ENV KABAR_LISTEN=:8080 KABAR_DATA_DIR=/data
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["/kabar"]
CMD ["serve"]
