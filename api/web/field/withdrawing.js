// A case that was not sent yet is taken back: its sealed pieces are deleted, after it is sure that the server has none whole.
import { all, change } from './store.js';
import { askState, holding, sendingStopped } from './send.js';
import { takeOff } from './server.js';

const PATIENCE = 8000;

// Say 'done', 'gone' (nothing waits of it), 'arrived' (the server has it), 'busy' (it is just being sent) or 'unsure': the server may
// have it and cannot be asked now.
export async function withdraw(caseId, force = false) {
  try {
    return await sendingStopped(PATIENCE, () => takeBack(caseId, force));
  } catch (error) {
    if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'busy';
    throw error;
  }
}

async function takeBack(caseId, force) {
  const parts = (await all('envelopes')).filter((one) => one.case === caseId);
  if (!parts.length) return 'gone';
  // Only what was tried can have arrived without an answer that came back.
  const states = await Promise.all(parts.filter((one) => one.tried).map(askState));
  if (states.some((state) => holding(state))) return 'arrived';
  if (states.includes(null) && !force) return 'unsure';
  await change(['envelopes', 'sealed'], ({ envelopes, sealed }) => {
    for (const { id } of parts) {
      envelopes.delete(id);
      sealed.delete(id);
    }
  });
  await takeOff(parts.map((one) => one.id));
  return 'done';
}
