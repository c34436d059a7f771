// Prints what the API server of one Kubernetes version reads: every built-in kind with its life cycle, and the
// fields of every type it refers to. It asks the Go types, because those are what the API server decodes into:
// a field is known exactly when its Go struct has it. Run by main.ts, once per version.
package main

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"runtime/debug"
	"sort"
	"strings"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	kruntime "k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/kubernetes/scheme"
	apiregistrationv1 "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
	apiregistrationv1beta1 "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1beta1"
)

// Kind is one row of the API.
type Kind struct {
	APIVersion  string `json:"apiVersion"`
	Kind        string `json:"kind"`
	Type        string `json:"type"`
	Namespaced  bool   `json:"namespaced"`
	Introduced  int    `json:"introduced,omitempty"`
	Deprecated  int    `json:"deprecated,omitempty"`
	Removed     int    `json:"removed,omitempty"`
	Replacement string `json:"replacement,omitempty"`
}

// Output is all that is printed.
type Output struct {
	Modules map[string]string            `json:"modules"`
	Kinds   []Kind                       `json:"kinds"`
	Types   map[string]map[string]string `json:"types"`
}

// Types with an UnmarshalJSON of their own, by what they read.
var special = map[string]string{
	"k8s.io/apimachinery/pkg/api/resource.Quantity":                                         "quantity",
	"k8s.io/apimachinery/pkg/util/intstr.IntOrString":                                       "intOrString",
	"k8s.io/apimachinery/pkg/apis/meta/v1.Time":                                             "time",
	"k8s.io/apimachinery/pkg/apis/meta/v1.MicroTime":                                        "microTime",
	"k8s.io/apimachinery/pkg/apis/meta/v1.Duration":                                         "duration",
	"k8s.io/apimachinery/pkg/apis/meta/v1.FieldsV1":                                         "any",
	"k8s.io/apimachinery/pkg/runtime.RawExtension":                                          "any",
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1.JSON":                         "any",
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1.JSONSchemaPropsOrArray":       "schemaOrArray",
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1.JSONSchemaPropsOrBool":        "schemaOrBool",
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1.JSONSchemaPropsOrStringArray": "schemaOrTexts",
}

var unmarshaler = reflect.TypeOf((*json.Unmarshaler)(nil)).Elem()

var types = map[string]map[string]string{}

func nameOf(t reflect.Type) string { return t.PkgPath() + "." + t.Name() }

func expression(t reflect.Type) string {
	if t.Kind() == reflect.Pointer {
		return expression(t.Elem())
	}
	if name, ok := special[nameOf(t)]; ok {
		return name
	}
	if t.Implements(unmarshaler) || reflect.PointerTo(t).Implements(unmarshaler) {
		panic("what does " + nameOf(t) + " read?")
	}
	switch t.Kind() {
	case reflect.String:
		return "string"
	case reflect.Bool:
		return "bool"
	case reflect.Int32, reflect.Int64, reflect.Int16, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return t.Kind().String()
	case reflect.Int:
		return "int64"
	case reflect.Float32, reflect.Float64:
		return "number"
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return "bytes"
		}
		return "[]" + expression(t.Elem())
	case reflect.Map:
		if t.Key().Kind() != reflect.String {
			panic("a map by " + t.Key().String())
		}
		return "{}" + expression(t.Elem())
	case reflect.Interface:
		return "any"
	case reflect.Struct:
		name := nameOf(t)
		if _, ok := types[name]; !ok {
			types[name] = map[string]string{}
			addFields(types[name], t)
		}
		return name
	}
	panic("no JSON: " + t.String())
}

// addFields follows encoding/json: an embedded struct without a name of its own gives its fields to the outer one.
func addFields(fields map[string]string, t reflect.Type) {
	var embedded []reflect.Type
	for i := 0; i < t.NumField(); i++ {
		field := t.Field(i)
		name := strings.Split(field.Tag.Get("json"), ",")[0]
		if name == "-" {
			continue
		}
		if field.Anonymous && name == "" {
			inner := field.Type
			if inner.Kind() == reflect.Pointer {
				inner = inner.Elem()
			}
			if inner.Kind() == reflect.Struct {
				embedded = append(embedded, inner)
				continue
			}
		}
		if !field.IsExported() {
			continue
		}
		if name == "" {
			name = field.Name
		}
		fields[name] = expression(field.Type)
	}
	for _, inner := range embedded {
		promoted := map[string]string{}
		addFields(promoted, inner)
		for name, value := range promoted {
			if _, ok := fields[name]; !ok {
				fields[name] = value
			}
		}
	}
}

type introduced interface{ APILifecycleIntroduced() (int, int) }
type deprecated interface{ APILifecycleDeprecated() (int, int) }
type removed interface{ APILifecycleRemoved() (int, int) }
type replaced interface {
	APILifecycleReplacement() schema.GroupVersionKind
}

// clusterScoped finds the kinds whose clients have no namespace: only the comments of the sources say so.
func clusterScoped(folder string) map[string]bool {
	found := map[string]bool{}
	packages, err := parser.ParseDir(token.NewFileSet(), folder, nil, parser.ParseComments)
	if err != nil {
		panic(err)
	}
	for _, pkg := range packages {
		for _, file := range pkg.Files {
			// The marker may stand in a comment of its own above the doc comment.
			var markers []token.Pos
			for _, comment := range file.Comments {
				for _, line := range comment.List {
					if strings.Contains(line.Text, "+genclient:nonNamespaced") {
						markers = append(markers, line.End())
					}
				}
			}
			for _, marker := range markers {
				var next *ast.TypeSpec
				for _, declaration := range file.Decls {
					general, ok := declaration.(*ast.GenDecl)
					if !ok || general.Tok != token.TYPE || general.End() < marker {
						continue
					}
					spec := general.Specs[0].(*ast.TypeSpec)
					if next == nil || spec.Pos() < next.Pos() {
						next = spec
					}
				}
				if next != nil {
					found[next.Name.Name] = true
				}
			}
		}
	}
	return found
}

func main() {
	s := kruntime.NewScheme()
	for _, add := range []func(*kruntime.Scheme) error{
		scheme.AddToScheme, apiextensionsv1.AddToScheme, apiregistrationv1.AddToScheme, apiregistrationv1beta1.AddToScheme,
	} {
		if err := add(s); err != nil {
			panic(err)
		}
	}
	folders := map[string]string{}
	if err := json.Unmarshal([]byte(os.Args[1]), &folders); err != nil {
		panic(err)
	}
	scopes := map[string]map[string]bool{}
	out := Output{Modules: map[string]string{}, Types: types}
	metaType := reflect.TypeOf(metav1.ObjectMeta{})
	for gvk, t := range s.AllKnownTypes() {
		meta, ok := t.FieldByName("ObjectMeta")
		if !ok || meta.Type != metaType || gvk.Version == kruntime.APIVersionInternal {
			continue
		}
		if _, ok := scopes[t.PkgPath()]; !ok {
			scopes[t.PkgPath()] = map[string]bool{}
			for module, folder := range folders {
				if strings.HasPrefix(t.PkgPath(), module+"/") {
					scopes[t.PkgPath()] = clusterScoped(filepath.Join(folder, strings.TrimPrefix(t.PkgPath(), module)))
				}
			}
		}
		kind := Kind{APIVersion: gvk.GroupVersion().String(), Kind: gvk.Kind, Type: expression(t)}
		kind.Namespaced = !scopes[t.PkgPath()][t.Name()]
		object := reflect.New(t).Interface()
		if o, ok := object.(introduced); ok {
			_, kind.Introduced = o.APILifecycleIntroduced()
		}
		if o, ok := object.(deprecated); ok {
			_, kind.Deprecated = o.APILifecycleDeprecated()
		}
		if o, ok := object.(removed); ok {
			_, kind.Removed = o.APILifecycleRemoved()
		}
		if o, ok := object.(replaced); ok {
			to := o.APILifecycleReplacement()
			kind.Replacement = to.GroupVersion().String() + "/" + to.Kind
		}
		out.Kinds = append(out.Kinds, kind)
	}
	sort.Slice(out.Kinds, func(i, j int) bool {
		a, b := out.Kinds[i], out.Kinds[j]
		return a.APIVersion+"/"+a.Kind < b.APIVersion+"/"+b.Kind
	})
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, module := range info.Deps {
			if _, ok := folders[module.Path]; ok {
				out.Modules[module.Path+"@"+module.Version] = module.Sum
			}
		}
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetIndent("", " ")
	if err := encoder.Encode(out); err != nil {
		panic(err)
	}
}
