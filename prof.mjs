import { readFileSync, readdirSync } from 'node:fs';
const f=readdirSync('/tmp/w/me').filter(n=>n.endsWith('.cpuprofile')).pop();
const p=JSON.parse(readFileSync('/tmp/w/me/'+f));
const self=new Map(),byId=new Map(p.nodes.map(n=>[n.id,n]));const dt=p.timeDeltas;
p.samples.forEach((id,i)=>self.set(id,(self.get(id)??0)+dt[i]));
const parent=new Map();for(const n of p.nodes)for(const c of n.children??[])parent.set(c,n.id);
const key=n=>`${n.callFrame.functionName||'(anon)'} ${n.callFrame.url.split('/').slice(-3).join('/')}:${n.callFrame.lineNumber+1}`;
const s=new Map(),t=new Map();
for(const [id,us] of self){const n=byId.get(id);s.set(key(n),(s.get(key(n))??0)+us);const seen=new Set();for(let c=id;c!==undefined;c=parent.get(c)){const k=key(byId.get(c));if(seen.has(k))continue;seen.add(k);t.set(k,(t.get(k)??0)+us);}}
const show=(m,n)=>[...m].sort((a,b)=>b[1]-a[1]).slice(0,n).forEach(([k,v])=>console.log((v/1000).toFixed(0).padStart(8),k));
console.log('self');show(s,22);console.log('total');show(t,45);
