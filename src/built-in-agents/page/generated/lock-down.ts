import dgram from 'node:dgram';
import dns from 'node:dns';
import net from 'node:net';
import vm from 'node:vm';

/**
 * Takes away from this process what a page that gets out of its context could use. The flags of the process (see
 * confined-process.ts) are the first line: no files, no processes, no threads, no code from strings. Node.js 24 has no flag for the
 * network. To be called before any code of the page runs, and after all modules are loaded.
 */
export function lockDown(): void {
  const refuse = () => {
    throw new Error('A page has no network.');
  };
  for (const owner of [
    net,
    net.Socket.prototype,
    net.Server.prototype,
    dgram,
    dgram.Socket.prototype,
    dns,
    dns.promises,
  ]) {
    for (const name of Object.getOwnPropertyNames(owner)) {
      if (
        /^(connect|createConnection|createSocket|listen|bind|send|lookup|lookupService|resolve.*|reverse)$/.test(name)
      ) {
        Object.defineProperty(owner, name, { value: refuse });
      }
    }
  }
  for (const name of [
    'kill',
    'binding',
    '_linkedBinding',
    'dlopen',
    'getBuiltinModule',
    '_debugProcess',
    '_kill',
    'abort',
    'chdir',
    'setuid',
    'setgid',
    'loadEnvFile',
    'report',
    'mainModule',
    'send',
  ]) {
    Object.defineProperty(process, name, { value: undefined });
  }
}

/** Contexts made from now on refuse code from strings, as the Content-Security-Policy of published pages does. */
export function forbidCodeFromStrings(): void {
  const create = vm.createContext;
  vm.createContext = (object, options) =>
    create(object, { ...options, codeGeneration: { strings: false, wasm: false } });
}
