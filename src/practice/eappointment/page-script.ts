import { ROOT } from './layout.ts';

/** Does what the site's own scripts do with jQuery and DWR: one plain-text call, one callback, an alert or the next panel. */
export const PAGE_SCRIPT = `const dwr = { engine: {} };
let batch = 0;
function plaincall(script, method, params, callback) {
  const lines = ['callCount=1', 'page=' + location.pathname + location.search, 'httpSessionId=',
    'scriptSessionId=5D0A2B41C7E94F6BA1D38E20F5B7' + (100 + batch), 'c0-scriptName=' + script, 'c0-methodName=' + method,
    'c0-id=0', ...params, 'batchId=' + batch];
  batch += 1;
  const request = new XMLHttpRequest();
  request.open('POST', '${ROOT}/dwr/call/plaincall/' + script + '.' + method + '.dwr', manners.isSynchronous !== true);
  request.setRequestHeader('Content-Type', 'text/plain');
  const answered = () => {
    if (request.status !== 200) { alert(manners.saysOnFailure ?? 'A server error has occured.'); return; }
    dwr.engine._remoteHandleCallback = (_batch, _call, data) => callback(data);
    new Function('dwr', request.responseText.replace(/^throw [^\\n]*\\n/, ''))(dwr);
  };
  if (manners.isSynchronous !== true) request.onloadend = () => setTimeout(answered, manners.afterMs ?? 0);
  request.send(lines.join('\\n') + '\\n');
  if (manners.givesUpAfterMs !== undefined) setTimeout(() => request.abort(), manners.givesUpAfterMs);
  if (manners.isSynchronous === true) answered();
}
const ticked = () => [...document.querySelectorAll('#displayDiv .motiveField1 input:checked')].map((box) => box.value);
function setQuantity() {
  document.getElementById('nextButtonId').disabled = false;
}
function loadSoonestAvailabilities() {
  const keys = ticked();
  if (keys.length === 0) return;
  if (manners.asksNextForm === true) {
    plaincall('AjaxSelectionFormFeeder', 'nextForm', ['c0-param0=boolean:false'], () => undefined);
    return;
  }
  const name = manners.tellsName === true ? ['c0-e9=string:Essai'] : [];
  const map = keys.map((key, index) => key + ':reference:c0-e' + (index + 1));
  if (manners.tellsName === true) map.push('userLastName:reference:c0-e9');
  plaincall('AjaxMotive', 'motiveMultiSiteSubmit', ['c0-param0=boolean:false',
    ...keys.map((_key, index) => 'c0-e' + (index + 1) + '=number:1'), ...name,
    'c0-param1=Object_Object:{' + map.join(', ') + '}'], shown);
}
function shown(data) {
  if (data.msg !== null) alert(data.msg);
  if (!data.foundAvailabilities) return;
  if (data.panel === null) { setTimeout(() => document.forms.form2.submit(), 900); return; }
  document.getElementById('pane3').style.display = 'none';
  document.getElementById('pane4').innerHTML = data.panel;
}
function openJqueryCal() {
  const calendar = document.getElementById('ui-datepicker-div');
  if (calendar !== null) calendar.style.display = 'inline-block';
}
function selectDay() {
  plaincall('AjaxAvailableTimeArea', 'processSoonestTimeAreaSelected', ['c0-param0=boolean:false'], () => undefined);
  return false;
}
if (manners.saysFirst !== undefined) alert(manners.saysFirst);
if (manners.asksQuantities === true) {
  plaincall('AjaxSelectionFormFeeder', 'upDateQuantityMotives', ['c0-param0=boolean:false', 'c0-param1=boolean:false'], () => undefined);
}
`;
