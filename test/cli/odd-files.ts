/** Files as people write them, and what `fix` is to make of them: written by hand. */

/** A name, the policies that are fixed, the file, and what becomes of it. */
export type OddFile = readonly [name: string, only: string, before: string, after: string];

const T = 'forbid-token-automount';
const E = 'forbid-privilege-escalation';
const C = 'require-drop-capabilities';
const N = 'forbid-host-namespaces';
const H = 'forbid-host-ports';
const D = 'forbid-duplicate-env';
const S = 'require-seccomp-profile';
const h = 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n';
const c = (body: string) => `${h}spec:\n  containers:\n    - name: app\n      image: x/y:1\n${body}`;
const tk = '  automountServiceAccountToken: false\n';
const esc = '      securityContext:\n        allowPrivilegeEscalation: false\n';
const escIn = '        allowPrivilegeEscalation: false\n';
const crlf = (s: string) => s.replaceAll('\n', '\r\n');
const J = (o: unknown, i?: number | string) => JSON.stringify(o, undefined, i);
const podJ = (spec: object) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec });
const dep = (n: string, spec: string) =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${n}}\nspec:\n  selector: {matchLabels: {app: ${n}}}\n  template:\n    metadata: {labels: {app: ${n}}}\n    spec:\n${spec}`;
const ct = '      containers:\n      - name: app\n        image: x/y:1\n';

// prettier-ignore
export const oddFiles: readonly OddFile[] = [
  // endings and marks
  ['plain',T,c(''),c('')+tk],
  ['crlf',T,crlf(c('')),crlf(c('')+tk)],
  ['crlf nested',E,crlf(c('')),crlf(c(esc))],
  ['bom',T,'\ufeff'+c(''),'\ufeff'+c('')+tk],
  ['bom crlf',T,'\ufeff'+crlf(c('')),'\ufeff'+crlf(c('')+tk)],
  ['no final newline',T,c('').slice(0,-1),c('')+tk.slice(0,-1)],
  ['no final newline crlf',T,crlf(c('')).slice(0,-2),crlf(c('')+tk).slice(0,-2)],
  ['no final newline nested',E,c('').slice(0,-1),c(esc).slice(0,-1)],
  ['mixed endings the other way',T,h+crlf(c('').slice(h.length)),h+crlf(c('').slice(h.length)+tk)],
  ['a lone carriage return as line break',T,c('').replaceAll('\n','\r'),'refused'],
  ['trailing whitespace',T,c('').replaceAll('\n','  \n'),c('').replaceAll('\n','  \n')+tk],
  ['trailing whitespace behind spec',N,h.replace('a}','a} ')+'spec:   \n  hostPID: true   \n',h.replace('a}','a} ')+'spec:   \n  hostPID: false   \n'],
  ['trailing tab',T,c('').replace('y:1','y:1\t'),c('').replace('y:1','y:1\t')+tk],
  ['blank lines at the end',T,c('')+'\n\n',c('')+tk+'\n\n'],
  ['spaces as last line',T,c('')+'   ',c('')+tk+'   '],
  ['blank lines inside',E,c('\n').replace('spec:\n','spec:\n\n'),c(esc+'\n').replace('spec:\n','spec:\n\n')],
  // separators
  ['leading ---',T,'---\n'+c(''),'---\n'+c('')+tk],
  ['--- with comment',T,'--- # one\n'+c(''),'--- # one\n'+c('')+tk],
  ['comment before ---',T,'# top\n\n---\n'+c(''),'# top\n\n---\n'+c('')+tk],
  ['trailing ---',T,c('')+'---\n',c('')+tk+'---\n'],
  ['trailing --- without newline',T,c('')+'---',c('')+tk+'---'],
  ['... at the end',T,c('')+'...\n',c('')+tk+'...\n'],
  ['two documents',T,c('')+'---\n'+c('').replace('name: a','name: b'),c('')+tk+'---\n'+c('').replace('name: a','name: b')+tk],
  ['empty documents',T,'---\n---\n# x\n---\n'+c('')+'---\n---\nnull\n','---\n---\n# x\n---\n'+c('')+tk+'---\n---\nnull\n'],
  ['%YAML directive',T,'%YAML 1.1\n---\n'+c(''),'refused'],
  ['%YAML in a second document',T,c('')+'---\n%YAML 1.1\n---\n'+c(''),'refused'],
  ['broken document',T,c('')+'---\na: [\n','refused'],
  ['object without kind',T,c('')+'---\nfoo: 1\n','refused'],
  ['scalar document',T,c('')+'---\nhello\n','refused'],
  ['crlf documents',T,crlf(c('')+'---\n'+c('')),crlf(c('')+tk+'---\n'+c('')+tk)],
  ['comment behind the last line, at 0',T,c('')+'# end\n',c('')+tk+'# end\n'],
  ['comment behind the last line, at the depth',E,c('      # end\n'),c(esc+'      # end\n')],
  // indentation
  ['4 spaces',E,h+'spec:\n    containers:\n        - name: app\n          image: x/y:1\n',h+'spec:\n    containers:\n        - name: app\n          image: x/y:1\n          securityContext:\n              allowPrivilegeEscalation: false\n'],
  ['4 spaces, lists flush',C,h+'spec:\n    containers:\n    - name: app\n      image: x/y:1\n',h+'spec:\n    containers:\n    - name: app\n      image: x/y:1\n      securityContext:\n          capabilities:\n              drop:\n              - ALL\n'],
  ['2 spaces, lists flush',C,h+'spec:\n  containers:\n  - name: app\n    image: x/y:1\n',h+'spec:\n  containers:\n  - name: app\n    image: x/y:1\n    securityContext:\n      capabilities:\n        drop:\n        - ALL\n'],
  ['2 spaces, lists indented',C,c(''),c('      securityContext:\n        capabilities:\n          drop:\n            - ALL\n')],
  ['dash with three spaces',E,h+'spec:\n  containers:\n  -   name: app\n      image: x/y:1\n',h+'spec:\n  containers:\n  -   name: app\n      image: x/y:1\n      securityContext:\n        allowPrivilegeEscalation: false\n'],
  ['dash alone on its line',E,h+'spec:\n  containers:\n  -\n    name: app\n    image: x/y:1\n',h+'spec:\n  containers:\n  -\n    name: app\n    image: x/y:1\n    securityContext:\n      allowPrivilegeEscalation: false\n'],
  ['document indented',T,c('').split('\n').map(l=>l&&'  '+l).join('\n'),(c('')+tk).split('\n').map(l=>l&&'  '+l).join('\n')],
  // flow
  ['flow container',E,h+'spec:\n  containers: [{name: app, image: "x/y:1"}]\n',h+'spec:\n  containers: [{name: app, image: "x/y:1", securityContext: { allowPrivilegeEscalation: false }}]\n'],
  ['flow item in block list',E,h+'spec:\n  containers:\n    - {name: app, image: "x/y:1"}\n',h+'spec:\n  containers:\n    - {name: app, image: "x/y:1", securityContext: { allowPrivilegeEscalation: false }}\n'],
  ['spaced flow',E,h+'spec:\n  containers:\n    - { name: app, image: "x/y:1" }\n',h+'spec:\n  containers:\n    - { name: app, image: "x/y:1", securityContext: { allowPrivilegeEscalation: false } }\n'],
  ['flow with trailing comma',E,h+'spec:\n  containers:\n    - {name: app, image: "x/y:1",}\n',h+'spec:\n  containers:\n    - {name: app, image: "x/y:1", securityContext: { allowPrivilegeEscalation: false },}\n'],
  ['tall flow',E,h+'spec:\n  containers:\n    - {\n        name: app,\n        image: "x/y:1"\n      }\n',h+'spec:\n  containers:\n    - {\n        name: app,\n        image: "x/y:1",\n        securityContext: { allowPrivilegeEscalation: false }\n      }\n'],
  ['tall flow with comment',E,h+'spec:\n  containers:\n    - {\n        name: app, # n\n        image: "x/y:1" # i\n      }\n',h+'spec:\n  containers:\n    - {\n        name: app, # n\n        image: "x/y:1", # i\n        securityContext: { allowPrivilegeEscalation: false }\n      }\n'],
  ['tall flow with trailing comma and comment',E,h+'spec:\n  containers:\n    - {\n        name: app,\n        image: "x/y:1", # i\n      }\n',h+'spec:\n  containers:\n    - {\n        name: app,\n        image: "x/y:1", # i\n        securityContext: { allowPrivilegeEscalation: false },\n      }\n'],
  ['whole object in flow',T,'{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: app, image: "x/y:1"}]}}\n','{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: app, image: "x/y:1"}], automountServiceAccountToken: false}}\n'],
  ['flow remove last',H,h+'spec:\n  containers: [{name: app, image: x, ports: [{containerPort: 80, hostPort: 80}]}]\n',h+'spec:\n  containers: [{name: app, image: x, ports: [{containerPort: 80}]}]\n'],
  ['flow remove first',H,h+'spec:\n  containers: [{name: app, image: x, ports: [{hostPort: 80, containerPort: 80}]}]\n',h+'spec:\n  containers: [{name: app, image: x, ports: [{containerPort: 80}]}]\n'],
  ['remove in a spaced flow',H,c('      ports: [ { containerPort: 80, hostPort: 80 } ] # p\n'),c('      ports: [ { containerPort: 80 } ] # p\n')],
  // removal in block
  ['remove line with its comment',H,c('      ports:\n        - containerPort: 80\n          hostPort: 80 # on the node\n          protocol: TCP # t\n'),c('      ports:\n        - containerPort: 80\n          protocol: TCP # t\n')],
  ['remove first of an item',H,c('      ports:\n        - hostPort: 80\n          containerPort: 80\n'),c('      ports:\n        - containerPort: 80\n')],
  ['remove first of an item with a comment',H,c('      ports:\n        - hostPort: 80 # on the node\n          containerPort: 80 # c\n'),c('      ports:\n        - containerPort: 80 # c\n')],
  ['remove last line of the file without newline',H,c('      ports:\n        - containerPort: 80\n          hostPort: 80'),c('      ports:\n        - containerPort: 80')],
  ['remove crlf',H,crlf(c('      ports:\n        - containerPort: 80\n          hostPort: 80\n          protocol: TCP\n')),crlf(c('      ports:\n        - containerPort: 80\n          protocol: TCP\n'))],
  ['remove the only field',H,c('      ports:\n        - hostPort: 80\n'),c('      ports:\n        - {}\n')],
  ['remove list item, comments stay',D,c('      env:\n        # one\n        - name: A\n          value: "1" # first\n        # two\n        - name: A\n          value: "2" # last\n'),c('      env:\n        # one\n        # two\n        - name: A\n          value: "2" # last\n')],
  ['remove list item crlf',D,crlf(c('      env:\n        - name: A\n          value: "1"\n        - name: A\n          value: "2"\n')),crlf(c('      env:\n        - name: A\n          value: "2"\n'))],
  ['remove item in flow list',D,c('      env: [{name: A, value: "1"}, {name: A, value: "2"}]\n'),c('      env: [{name: A, value: "2"}]\n')],
  ['remove flow items on lines of their own',D,c('      env: [\n        {name: A, value: "1"}, # one\n        {name: A, value: "2"}, # two\n      ]\n'),c('      env: [\n        {name: A, value: "2"}, # two\n      ]\n')],
  // empties
  ['securityContext: {}',E,c('      securityContext: {}\n'),c('      securityContext: { allowPrivilegeEscalation: false }\n')],
  ['securityContext: {} # c',E,c('      securityContext: {} # c\n'),c('      securityContext: { allowPrivilegeEscalation: false } # c\n')],
  ['securityContext: { }',E,c('      securityContext: { }\n'),c('      securityContext: { allowPrivilegeEscalation: false }\n')],
  ['securityContext: (nothing)',E,c('      securityContext:\n'),c(esc)],
  ['securityContext: # c',E,c('      securityContext: # c\n'),c('      securityContext: # c\n'+escIn)],
  ['securityContext: null',E,c('      securityContext: null\n'),c(esc)],
  ['securityContext: ~ # c',E,c('      securityContext: ~ # c\n'),c('      securityContext: # c\n'+escIn)],
  ['securityContext: null # c in the middle',E,c('      securityContext: null # c\n      tty: true\n'),c('      securityContext: # c\n'+escIn+'      tty: true\n')],
  ['nothing, with blank lines behind',E,c('      securityContext:\n\n      tty: true\n'),c(esc+'\n      tty: true\n')],
  ['nothing, with a comment on its own line',E,c('      securityContext:\n        # to do\n      tty: true\n'),c('      securityContext:\n'+escIn+'        # to do\n      tty: true\n')],
  ['capabilities: {}',C,c('      securityContext:\n        capabilities: {}\n'),c('      securityContext:\n        capabilities: { drop: [ALL] }\n')],
  ['drop: []',C,c('      securityContext:\n        capabilities:\n          drop: []\n'),c('      securityContext:\n        capabilities:\n          drop: [ALL]\n')],
  ['drop: [NET_RAW] # c',C,c('      securityContext:\n        capabilities:\n          drop: [NET_RAW] # c\n'),c('      securityContext:\n        capabilities:\n          drop: [ALL] # c\n')],
  ['drop: and - NET_RAW',C,c('      securityContext:\n        capabilities:\n          drop:\n          - NET_RAW # c\n'),c('      securityContext:\n        capabilities:\n          drop:\n          - ALL # c\n')],
  ['drop: ["NET_RAW"]',C,c('      securityContext:\n        capabilities:\n          drop: ["NET_RAW"]\n'),c('      securityContext:\n        capabilities:\n          drop: ["ALL"]\n')],
  ['spec in flow empty sc in flow',E,h+'spec: {containers: [{name: app, image: x, securityContext: {}}]}\n',h+'spec: {containers: [{name: app, image: x, securityContext: { allowPrivilegeEscalation: false }}]}\n'],
  ['null in flow',E,h+'spec: {containers: [{name: app, image: x, securityContext: }]}\n',h+'spec: {containers: [{name: app, image: x, securityContext: { allowPrivilegeEscalation: false }}]}\n'],
  ['a key without a colon in flow',E,h+'spec: {containers: [{name: app, securityContext}]}\n','refused'],
  // values
  ['value with comment',N,h+'spec:\n  hostPID: true # why\n',h+'spec:\n  hostPID: false # why\n'],
  ['value with two spaces',N,h+'spec:\n  hostPID:   true   # why\n',h+'spec:\n  hostPID:   false   # why\n'],
  ['value as YAML 1.1 yes',N,h+'spec:\n  hostPID: yes\n',h+'spec:\n  hostPID: false\n'],
  ['value on the next line',N,h+'spec:\n  hostPID:\n    true\n',h+'spec:\n  hostPID:\n    false\n'],
  ['quoted key',N,h+'spec:\n  "hostPID": true\n',h+'spec:\n  "hostPID": false\n'],
  ["single quoted key",N,h+"spec:\n  'hostPID': true\n",h+"spec:\n  'hostPID': false\n"],
  ['key with a space before its colon',N,h+'spec:\n  hostPID : true\n',h+'spec:\n  hostPID : false\n'],
  ['explicit key',N,h+'spec:\n  ? hostPID\n  : true\n',h+'spec:\n  ? hostPID\n  : false\n'],
  ['explicit keys, something to add',T,h+'spec:\n  ? containers\n  : - name: a\n      image: x\n','refused'],
  // blocks
  ['block scalar last',E,c('      args:\n        - |\n          echo --- x\n          # no comment\n'),c('      args:\n        - |\n          echo --- x\n          # no comment\n'+esc)],
  ['block scalar keep',E,c('      workingDir: |+\n        /x\n\n\n'),c('      workingDir: |+\n        /x\n\n\n'+esc)],
  ['block scalar strip, blank lines',E,c('      workingDir: >-\n        /x\n\n\n'),c('      workingDir: >-\n        /x\n'+esc+'\n\n')],
  ['block scalar without newline at EOF',E,c('      workingDir: |\n        /x'),c('      workingDir: |\n        /x\n'+esc.slice(0,-1))],
  ['block scalar at the end of the document',T,h+'spec:\n  containers:\n    - name: app\n      args:\n        - |\n          a\n\n# end\n---\n'+c(''),h+'spec:\n  containers:\n    - name: app\n      args:\n        - |\n          a\n'+tk+'\n# end\n---\n'+c('')+tk],
  ['folded plain text over lines',E,c('      workingDir: a\n        b\n'),c('      workingDir: a\n        b\n'+esc)],
  ['quoted text over lines',E,c('      workingDir: "a\n        b" # c\n'),c('      workingDir: "a\n        b" # c\n'+esc)],
  ['long line',E,c('      workingDir: '+'x'.repeat(3000)+'\n'),c('      workingDir: '+'x'.repeat(3000)+'\n'+esc)],
  ['non-ascii',E,c('      workingDir: /ä/ö/😀 # ünï\n'),c('      workingDir: /ä/ö/😀 # ünï\n'+esc)],
  ['zero width characters in a comment',T,c('').replace('Pod','Pod # a\u200bb\u202ec'),c('').replace('Pod','Pod # a\u200bb\u202ec')+tk],
  ['nbsp in a value',T,c('').replace('x/y:1','x\u00a0y'),c('').replace('x/y:1','x\u00a0y')+tk],
  ['inner bom',T,c('').replace('Pod\n','Pod # \ufeff\n'),'refused'],
  ['u2028',T,c('').replace('Pod\n','Pod # \u2028\n'),'refused'],
  ['nul',T,c('').replace('Pod\n','Pod # \u0000\n'),'refused'],
  // anchors
  ['anchor on the securityContext, alias in the second container',E,c('      securityContext: &sc\n        runAsNonRoot: true\n    - name: b\n      image: x/y:1\n      securityContext: *sc\n'),c('      securityContext: &sc\n        runAsNonRoot: true\n'+escIn+'    - name: b\n      image: x/y:1\n      securityContext: *sc\n')],
  ['anchor on an empty securityContext',E,c('      securityContext: &sc {}\n    - name: b\n      image: x/y:1\n      securityContext: *sc\n'),c('      securityContext: &sc { allowPrivilegeEscalation: false }\n    - name: b\n      image: x/y:1\n      securityContext: *sc\n')],
  ['anchor on a null securityContext',E,c('      securityContext: &sc\n    - name: b\n      image: x/y:1\n      securityContext: *sc\n'),'refused'],
  ['anchor on a container that is merged',E,c('').replace('- name: app','- &c\n      name: app')+'    - <<: *c\n      name: b\n',c('').replace('- name: app','- &c\n      name: app')+esc+'    - <<: *c\n      name: b\n'+esc],
  ['merge of a shared map elsewhere',E,h.replace('metadata','x-sc: &sc {runAsNonRoot: true}\nmetadata')+c('      securityContext: {<<: *sc}\n').slice(h.length),h.replace('metadata','x-sc: &sc {runAsNonRoot: true}\nmetadata')+c('      securityContext: {<<: *sc, allowPrivilegeEscalation: false}\n').slice(h.length)],
  ['alias to a map elsewhere',E,h.replace('metadata','x-sc: &sc {runAsNonRoot: true}\nmetadata')+c('      securityContext: *sc\n').slice(h.length),h.replace('metadata','x-sc: &sc {runAsNonRoot: true}\nmetadata')+c('      securityContext:\n        <<: *sc\n'+escIn).slice(h.length)],
  ['alias to a map elsewhere with comment',E,h.replace('metadata','x-sc: &sc {runAsNonRoot: true}\nmetadata')+c('      securityContext: *sc # shared\n').slice(h.length),h.replace('metadata','x-sc: &sc {runAsNonRoot: true}\nmetadata')+c('      securityContext: # shared\n        <<: *sc\n'+escIn).slice(h.length)],
  ['value with an anchor',N,h+'spec:\n  hostPID: &y true\n  hostIPC: *y\n',h+'spec:\n  hostPID: &y false\n  hostIPC: *y\n'],
  ['value with an anchor that something else uses',N,h+'spec:\n  hostPID: &y true\n  enableServiceLinks: *y\n','refused'],
  ['value is an alias',N,h+'spec:\n  enableServiceLinks: &y true\n  hostPID: *y\n',h+'spec:\n  enableServiceLinks: &y true\n  hostPID: false\n'],
  ['list through an alias',E,h+'x: &l\n  - name: app\n    image: x\nspec:\n  containers: *l\n',h+'x: &l\n  - name: app\n    image: x\nspec:\n  containers: [{ name: app, image: x, securityContext: { allowPrivilegeEscalation: false } }]\n'],
  ['merge key in 4 spaces',E,h+'x: &x {image: x}\nspec:\n    containers:\n        - <<: *x\n          name: app\n',h+'x: &x {image: x}\nspec:\n    containers:\n        - <<: *x\n          name: app\n          securityContext:\n              allowPrivilegeEscalation: false\n'],
  ['anchor used across documents of a list',T,'apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  metadata: {name: a}\n  spec: &s\n    containers: []\n- apiVersion: v1\n  kind: Pod\n  metadata: {name: b}\n  spec: *s\n','apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  metadata: {name: a}\n  spec: &s\n    containers: []\n    automountServiceAccountToken: false\n- apiVersion: v1\n  kind: Pod\n  metadata: {name: b}\n  spec: *s\n'],
  ['two containers share everything but the name',C,h+'spec:\n  containers:\n  - name: a\n    image: x\n    securityContext: &s\n      capabilities: &k\n        drop: [NET_RAW]\n  - name: b\n    image: x\n    securityContext:\n      capabilities: *k\n',h+'spec:\n  containers:\n  - name: a\n    image: x\n    securityContext: &s\n      capabilities: &k\n        drop: [ALL]\n  - name: b\n    image: x\n    securityContext:\n      capabilities: *k\n'],
  // lists
  ['v1 List',T,'apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: Pod\n    metadata: {name: a}\n    spec:\n      containers: []\n  # two\n  - apiVersion: v1\n    kind: Pod\n    metadata: {name: b}\n    spec: {containers: []}\n','apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: Pod\n    metadata: {name: a}\n    spec:\n      containers: []\n      automountServiceAccountToken: false\n  # two\n  - apiVersion: v1\n    kind: Pod\n    metadata: {name: b}\n    spec: {containers: [], automountServiceAccountToken: false}\n'],
  // JSON
  ['json 2',T,J(podJ({containers:[]}),2)+'\n',J(podJ({containers:[],automountServiceAccountToken:false}),2)+'\n'],
  ['json 4 no newline',T,J(podJ({containers:[]}),4),J(podJ({containers:[],automountServiceAccountToken:false}),4)],
  ['json tab',T,J(podJ({containers:[]}),'\t')+'\n',J(podJ({containers:[],automountServiceAccountToken:false}),'\t')+'\n'],
  ['json minified',T,J(podJ({containers:[]})),J(podJ({containers:[],automountServiceAccountToken:false}))],
  ['json crlf',T,crlf(J(podJ({containers:[]}),2)+'\n'),crlf(J(podJ({containers:[],automountServiceAccountToken:false}),2)+'\n')],
  ['json nested map',C,J(podJ({containers:[{name:'a',image:'x'}]}),2)+'\n',J(podJ({containers:[{name:'a',image:'x',securityContext:{capabilities:{drop:['ALL']}}}]}),2)+'\n'],
  ['json nested map minified',C,J(podJ({containers:[{name:'a',image:'x'}]})),J(podJ({containers:[{name:'a',image:'x',securityContext:{capabilities:{drop:['ALL']}}}]}))],
  ['json empty map',E,J(podJ({containers:[{name:'a',image:'x',securityContext:{}}]}),2)+'\n',J(podJ({containers:[{name:'a',image:'x',securityContext:{allowPrivilegeEscalation:false}}]}),2)+'\n'],
  ['json null',E,J(podJ({containers:[{name:'a',image:'x',securityContext:null}]}),2)+'\n',J(podJ({containers:[{name:'a',image:'x',securityContext:{allowPrivilegeEscalation:false}}]}),2)+'\n'],
  ['json stream',T,J(podJ({containers:[]}),2)+'\n'+J(podJ({containers:[]}),2)+'\n',J(podJ({containers:[],automountServiceAccountToken:false}),2)+'\n'+J(podJ({containers:[],automountServiceAccountToken:false}),2)+'\n'],
  ['json remove',H,J(podJ({containers:[{name:'a',ports:[{containerPort:80,hostPort:80}]}]}),2)+'\n',J(podJ({containers:[{name:'a',ports:[{containerPort:80}]}]}),2)+'\n'],
  ['json remove first',H,J(podJ({containers:[{name:'a',ports:[{hostPort:80,containerPort:80}]}]}),2)+'\n',J(podJ({containers:[{name:'a',ports:[{containerPort:80}]}]}),2)+'\n'],
  ['json remove middle',H,J(podJ({containers:[{name:'a',ports:[{name:'p',hostPort:80,containerPort:80}]}]}),2)+'\n',J(podJ({containers:[{name:'a',ports:[{name:'p',containerPort:80}]}]}),2)+'\n'],
  ['json remove item',D,J(podJ({containers:[{name:'a',env:[{name:'A',value:'1'},{name:'A',value:'2'}]}]}),2)+'\n',J(podJ({containers:[{name:'a',env:[{name:'A',value:'2'}]}]}),2)+'\n'],
  ['json then yaml',T,J(podJ({containers:[]}))+'\n---\n'+c(''),J(podJ({containers:[],automountServiceAccountToken:false}))+'\n---\n'+c('')+tk],
  ['json with big numbers and escapes',T,'{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","annotations":{"x":"\\u00e9\\/"}},"spec":{"x":12345678901234567890,"y":1.0,"containers":[]}}','{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","annotations":{"x":"\\u00e9\\/"}},"spec":{"x":12345678901234567890,"y":1.0,"containers":[],"automountServiceAccountToken":false}}'],
  ['json with spaces behind',T,J(podJ({containers:[]}),2)+'\n\n  \n',J(podJ({containers:[],automountServiceAccountToken:false}),2)+'\n\n  \n'],
  ['yaml quoted as json in flow',T,'{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, # c\n "spec": {"containers": []}}\n','{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, # c\n "spec": {"containers": [], "automountServiceAccountToken": false}}\n'],
  // deployments, several at once
  ['all in one',[T,E,C,S].join(),dep('a',ct),dep('a',ct+'        securityContext:\n          allowPrivilegeEscalation: false\n          capabilities:\n            drop:\n            - ALL\n          seccompProfile:\n            type: RuntimeDefault\n      automountServiceAccountToken: false\n')],
  ['helm template',T,c('').replace('x/y:1','{{ .Values.image }}'),'refused'],
  ['helm template in quotes',T,c('').replace('x/y:1','"{{ .Values.image }}"'),c('').replace('x/y:1','"{{ .Values.image }}"')+tk],
  ['duplicate keys',T,c('').replace('kind: Pod','kind: Pod\nkind: Pod'),'refused'],
  ['tabs',T,c('').replace('      image','\timage'),'refused'],
  ['comment between key and map',E,c('      securityContext:\n        # why\n        runAsNonRoot: true # c\n        # end\n'),c('      securityContext:\n        # why\n        runAsNonRoot: true # c\n'+escIn+'        # end\n')],
  ['comment right behind the item at its depth',T,h+'spec:\n  containers:\n    - name: app\n    # - name: second\n    #   image: z\n',h+'spec:\n  containers:\n    - name: app\n    # - name: second\n    #   image: z\n'+tk],
];
